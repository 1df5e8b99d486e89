// The door to libtiff: pages of a TIFF file in memory, block by block (a block is a strip or a tile).
// Nothing is printed; what libtiff says is kept, without the numbers that it quotes.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ctiff ctiff;

enum { ctiff_max_extra = 8 };

// What a directory says of its picture, with libtiff's defaults (TIFF 6.0).
typedef struct {
  uint32_t columns, rows;
  // Of a block; tiles may reach over the edge.
  uint32_t block_columns, block_rows;
  bool is_tiled;
  // Blocks of one plane, and the bytes that a decoded block takes.
  uint32_t blocks;
  size_t block_bytes;
  uint16_t compression, samples, bits, sample_format, planar, orientation, ink_set;
  // -1 where the directory does not say.
  int32_t photometric;
  uint16_t extra_count;
  uint16_t extra[ctiff_max_extra];
} ctiff_page;

// What kind of page a directory is.
typedef struct {
  uint32_t columns, rows;
  uint16_t orientation;
  // NewSubfileType: 1 a smaller version, 4 a transparency mask.
  uint32_t subfile;
} ctiff_kind;

// Opens a file, none of its directories yet; NULL where its first bytes are damaged. `bytes` must
// outlive it; libtiff takes no single piece of memory above `limit`.
ctiff *ctiff_open(const void *bytes, size_t count, size_t limit);
void ctiff_close(ctiff *tiff);

// Makes the directory at `offset` the current one; false where it cannot be read.
bool ctiff_select(ctiff *tiff, uint64_t offset);

// Whether the current directory, or what was read of its page, reaches past the end of the bytes.
bool ctiff_is_short(const ctiff *tiff);

void ctiff_describe_kind(ctiff *tiff, ctiff_kind *kind);
// False where the sizes of blocks cannot be told. JPEG in YCbCr is decoded to RGB.
bool ctiff_describe(ctiff *tiff, ctiff_page *page);

// The three columns of the colour map, 2^bits entries each; false where there is none.
bool ctiff_colormap(ctiff *tiff, const uint16_t **red, const uint16_t **green,
                    const uint16_t **blue);

// The ICC profile of the current directory, valid until another is selected; NULL where it has none.
const uint8_t *ctiff_profile(ctiff *tiff, size_t *count);

// Decodes a block: numbers native, bits as they are packed. `room` is at least its bytes in the
// picture. False where it is damaged or incomplete.
bool ctiff_read(ctiff *tiff, uint32_t block, void *out, size_t room);

// Decodes the whole page through libtiff's own conversion to red, green, blue and alpha, a byte
// each, rows as they are stored: columns * rows * 4 bytes. False where it cannot.
bool ctiff_read_rgba(ctiff *tiff, uint32_t columns, uint32_t rows, uint32_t *out);

// Complaints since the page was described, and the words of the last.
int ctiff_complaints(const ctiff *tiff);
const char *ctiff_cause(const ctiff *tiff);

// The version that this was built with.
const char *ctiff_version(void);

#ifdef __cplusplus
}
#endif
