// The door to libpng: one picture of known size into memory of the caller's.
// libpng leaves its functions by longjmp on errors; none of that, and no printed line, leaves here.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
  cpng_ok = 0,
  cpng_truncated,  // the bytes end before the picture does
  cpng_damaged,
  cpng_memory,
} cpng_status;

// What the caller takes the picture for, after its IHDR.
typedef struct {
  uint32_t columns, rows;
  // Whether a transparency sample is to stand behind each pixel.
  bool has_alpha;
  // Whether palette indices and grey stay the numbers that they are; a byte or two each.
  bool is_raw;
  // Bytes of a row of what is written.
  size_t row_bytes;
} cpng_layout;

// Decodes a PNG file. Grey of less than 8 bits is spread over 8 (v * 255 / (2^bits - 1)), palettes
// become red, green and blue, transparency of any kind an alpha sample behind each pixel; 16-bit
// samples are native. With `is_raw` nothing of that is done but unpacking. `out` has rows * row_bytes bytes; a picture that would need other ones is
// damaged. `warnings` counts what libpng passed over; `cause`, of at least 128 bytes, takes its words.
cpng_status cpng_decode(const void *bytes, size_t count, const cpng_layout *layout, void *out,
                        int *warnings, char *cause);

const char *cpng_version(void);
