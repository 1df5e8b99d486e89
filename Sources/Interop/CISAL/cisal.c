#include "cisal.h"

#include <isa-l.h>
#include <stdlib.h>

#define TEXT(x) #x
#define VERSION(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)

// Level 1: 2 gains nothing on pictures, and 3 differs from one kind of processor to another.
struct cisal_compressor {
  struct isal_zstream stream;
  uint8_t level_buffer[ISAL_DEF_LVL1_DEFAULT];
};

cisal_compressor *cisal_open(void) { return malloc(sizeof(cisal_compressor)); }

void cisal_close(cisal_compressor *compressor) { free(compressor); }

// Stored blocks of 65,535 bytes with 5 of their own, and the stream's head and tail; isa-l wants a
// little more to work in.
size_t cisal_bound(size_t count) { return count + (count / 65535 + 1) * 5 + 1024; }

size_t cisal_compress(cisal_compressor *compressor, const void *bytes, size_t count, void *out,
                      size_t room) {
  if (room < cisal_bound(count) || room > UINT32_MAX) return 0;
  struct isal_zstream *stream = &compressor->stream;
  isal_deflate_stateless_init(stream);
  stream->gzip_flag = IGZIP_ZLIB;
  stream->end_of_stream = 1;
  stream->flush = NO_FLUSH;
  stream->level = 1;
  stream->level_buf = compressor->level_buffer;
  stream->level_buf_size = sizeof compressor->level_buffer;
  stream->next_in = (uint8_t *)bytes;
  stream->avail_in = (uint32_t)count;
  stream->next_out = out;
  stream->avail_out = (uint32_t)room;
  return isal_deflate_stateless(stream) == COMP_OK && stream->avail_in == 0 ? stream->total_out : 0;
}

uint32_t cisal_crc32(uint32_t seed, const void *bytes, size_t count) {
  return crc32_gzip_refl(seed, bytes, count);
}

const char *cisal_version(void) {
  return VERSION(ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
}
