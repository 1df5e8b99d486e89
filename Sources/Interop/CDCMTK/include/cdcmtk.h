// A door to DCMTK: its parser of data sets, its inflater and its JPEG decoders.
// No exception and no log line leaves it; every decision is taken by the caller.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  cdcmtk_ok = 0,
  cdcmtk_truncated,  // the bytes end inside an element
  cdcmtk_damaged,
  cdcmtk_too_deep,   // sequences are nested deeper than the stack allows
  cdcmtk_too_long,   // more bytes than the caller allows
  cdcmtk_memory,
} cdcmtk_status;

typedef enum {
  cdcmtk_implicit_little = 0,
  cdcmtk_explicit_little,
  cdcmtk_explicit_big,
  cdcmtk_implicit_big,
} cdcmtk_encoding;

typedef struct cdcmtk_dataset cdcmtk_dataset;

// The version that this was built with.
const char *cdcmtk_version(void);

// Parses a data set (no preamble, no meta header) up to the first element of the main data set
// whose tag is not below `stop` (group << 16 | element). `bytes` must outlive the data set: long
// values stay where they are. `end` is the number of bytes consumed, the stop element's header
// included. `short_read` tells that an element reached past the end, also where the parser went on.
// `cause`, of at least 128 bytes, takes the parser's own words.
cdcmtk_status cdcmtk_open(const void *bytes, size_t count, cdcmtk_encoding encoding, uint32_t stop,
                          cdcmtk_dataset **dataset, size_t *end, bool *short_read, char *cause);
void cdcmtk_close(cdcmtk_dataset *dataset);

// Items are borrowed from their data set. The root is an item too.
const void *cdcmtk_root(const cdcmtk_dataset *dataset);

// Length in bytes of an element's value, -1 where it is absent. `vr` takes two letters.
// `items` is the number of items where it is a sequence, else -1.
int64_t cdcmtk_find(const void *item, uint32_t tag, char vr[2], int64_t *items);

// Copies a value of `count` bytes, as told by cdcmtk_find, in little endian.
cdcmtk_status cdcmtk_value(const void *item, uint32_t tag, void *out, size_t count);

// Writes `count` items of a sequence into `out`.
cdcmtk_status cdcmtk_items(const void *item, uint32_t tag, const void **out, size_t count);

// Inflates a raw deflate stream (RFC 1951) of at most `limit` bytes. The buffer is the caller's,
// to be given back with cdcmtk_free.
cdcmtk_status cdcmtk_inflate(const void *bytes, size_t count, size_t limit, uint8_t **out,
                             size_t *length);
void cdcmtk_free(void *bytes);

// Decodes one JPEG picture of any process, colours untouched, samples of a pixel side by side:
// uint8_t where `precision` is at most 8, else uint16_t. `size` is exact, `row` the bytes of a row.
// `warnings` counts what the decoder mended before the last row was there; `cause`, of at least
// 128 bytes, takes its last words.
cdcmtk_status cdcmtk_jpeg(const uint8_t *bytes, size_t count, int precision, void *out, size_t size,
                          size_t row, int *warnings, char *cause);

#ifdef __cplusplus
}
#endif
