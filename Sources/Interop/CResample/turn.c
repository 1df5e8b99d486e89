// Rows to columns. Blocks of 16 bytes a side go through vectors that clang has for every processor.
#include "turn.h"

#include <string.h>

// How far a turn goes along one side before it takes the next piece of the other, so that lines of
// both stay in the cache.
enum { TURN_COLUMNS = 64, TURN_ROWS = 16 };

typedef uint8_t bytes __attribute__((vector_size(16)));
typedef uint32_t words __attribute__((vector_size(16)));

// Elements of two vectors by turns, from their first halves and from their second ones.
static inline bytes zip_first(bytes a, bytes b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
static inline bytes zip_second(bytes a, bytes b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// 16 x 16 pixels of a byte: four times every row is zipped with the one that lies 8 rows below it.
static void turn_block_of_bytes(const uint8_t *in, size_t in_stride, uint8_t *out, size_t out_stride) {
  bytes rows[16], zipped[16];
  for (int i = 0; i < 16; i++) memcpy(&rows[i], in + i * in_stride, 16);
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 8; i++) {
      zipped[2 * i] = zip_first(rows[i], rows[i + 8]);
      zipped[2 * i + 1] = zip_second(rows[i], rows[i + 8]);
    }
    for (int i = 0; i < 8; i++) {
      rows[2 * i] = zip_first(zipped[i], zipped[i + 8]);
      rows[2 * i + 1] = zip_second(zipped[i], zipped[i + 8]);
    }
  }
  for (int i = 0; i < 16; i++) memcpy(out + i * out_stride, &rows[i], 16);
}

// 4 x 4 pixels of four bytes.
static void turn_block_of_words(const uint8_t *in, size_t in_stride, uint8_t *out, size_t out_stride) {
  words a, b, c, d;
  memcpy(&a, in, 16);
  memcpy(&b, in + in_stride, 16);
  memcpy(&c, in + 2 * in_stride, 16);
  memcpy(&d, in + 3 * in_stride, 16);
  words ac0 = __builtin_shufflevector(a, c, 0, 4, 1, 5), ac1 = __builtin_shufflevector(a, c, 2, 6, 3, 7);
  words bd0 = __builtin_shufflevector(b, d, 0, 4, 1, 5), bd1 = __builtin_shufflevector(b, d, 2, 6, 3, 7);
  a = __builtin_shufflevector(ac0, bd0, 0, 4, 1, 5);
  b = __builtin_shufflevector(ac0, bd0, 2, 6, 3, 7);
  c = __builtin_shufflevector(ac1, bd1, 0, 4, 1, 5);
  d = __builtin_shufflevector(ac1, bd1, 2, 6, 3, 7);
  memcpy(out, &a, 16);
  memcpy(out + out_stride, &b, 16);
  memcpy(out + 2 * out_stride, &c, 16);
  memcpy(out + 3 * out_stride, &d, 16);
}

// A number of rows of one column; `pixel` is known where this is called, so that copies are moves.
static inline __attribute__((always_inline)) void turn_column(const uint8_t *in, size_t in_stride,
                                                              size_t rows, size_t pixel, uint8_t *out) {
  if (pixel == 3) {
    // Four bytes move at once; the fourth is overwritten by the next pixel.
    for (; rows > 1; rows--, in += in_stride, out += 3) memcpy(out, in, 4);
  }
  for (; rows > 0; rows--, in += in_stride, out += pixel) memcpy(out, in, pixel);
}

// A piece small enough for the cache.
static inline __attribute__((always_inline)) void turn_piece(const uint8_t *in, size_t in_stride, size_t rows,
                                                             size_t columns, size_t pixel, uint8_t *out,
                                                             size_t out_stride) {
  size_t side = pixel == 1 ? 16 : pixel == 4 ? 4 : 0;
  size_t right = 0;
  if (side) {
    size_t bottom = rows / side * side;
    for (right = 0; right + side <= columns; right += side) {
      const uint8_t *from = in + right * pixel;
      uint8_t *to = out + right * out_stride;
      for (size_t row = 0; row < bottom; row += side) {
        if (pixel == 1) turn_block_of_bytes(from + row * in_stride, in_stride, to + row, out_stride);
        else turn_block_of_words(from + row * in_stride, in_stride, to + row * 4, out_stride);
      }
      for (size_t column = 0; bottom < rows && column < side; column++)
        turn_column(from + bottom * in_stride + column * pixel, in_stride, rows - bottom, pixel,
                    to + column * out_stride + bottom * pixel);
    }
  }
  for (size_t column = right; column < columns; column++)
    turn_column(in + column * pixel, in_stride, rows, pixel, out + column * out_stride);
}

static inline __attribute__((always_inline)) void turn_pixels(const uint8_t *in, size_t in_stride,
                                                              size_t rows, size_t columns, size_t pixel,
                                                              uint8_t *out, size_t out_stride) {
  for (size_t left = 0; left < columns; left += TURN_COLUMNS) {
    size_t wide = columns - left < TURN_COLUMNS ? columns - left : TURN_COLUMNS;
    for (size_t top = 0; top < rows; top += TURN_ROWS) {
      size_t high = rows - top < TURN_ROWS ? rows - top : TURN_ROWS;
      turn_piece(in + top * in_stride + left * pixel, in_stride, high, wide, pixel,
                 out + left * out_stride + top * pixel, out_stride);
    }
  }
}

void cresample_turn(const uint8_t *in, size_t in_stride, size_t rows, size_t columns, size_t pixel,
                    uint8_t *out, size_t out_stride) {
  switch (pixel) {
  case 1: turn_pixels(in, in_stride, rows, columns, 1, out, out_stride); break;
  case 3: turn_pixels(in, in_stride, rows, columns, 3, out, out_stride); break;
  case 4: turn_pixels(in, in_stride, rows, columns, 4, out, out_stride); break;
  case 12: turn_pixels(in, in_stride, rows, columns, 12, out, out_stride); break;
  default: turn_pixels(in, in_stride, rows, columns, pixel, out, out_stride);
  }
}
