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

cisal_compressor *cisal_open(void) { return calloc(1, sizeof(cisal_compressor)); }

void cisal_close(cisal_compressor *compressor) { free(compressor); }

// What cannot be compressed is stored in blocks with 5 bytes of their own, cut where the level
// buffer is full; the rest is the stream's head, first block and tail, and room to work in.
size_t cisal_bound(size_t count) { return count + count / 64 + 4096; }

// isa-l's body hashes bits of the stream's own address into its table when it meets the first byte
// (igzip_icf_body_h1_gr_bt.asm, .write_first_byte, reads tmp2 before it is set), so that equal input
// gives other bytes at another address. Its finish, which takes what is left at a flush, does not;
// and the body never sees the first byte where that was flushed before. Input of up to 16 bytes is
// the finish's alone.
enum { FLUSHED_FIRST = 16 };

size_t cisal_compress(cisal_compressor *compressor, const void *bytes, size_t count, void *out,
                      size_t room) {
  if (room < cisal_bound(count) || room > UINT32_MAX) return 0;
  struct isal_zstream *stream = &compressor->stream;
  isal_deflate_init(stream);
  stream->gzip_flag = IGZIP_ZLIB;
  stream->level = 1;
  stream->level_buf = compressor->level_buffer;
  stream->level_buf_size = sizeof compressor->level_buffer;
  stream->next_in = (uint8_t *)bytes;
  stream->next_out = out;
  stream->avail_out = (uint32_t)room;
  if (count > FLUSHED_FIRST) {
    stream->avail_in = FLUSHED_FIRST;
    stream->flush = SYNC_FLUSH;
    if (isal_deflate(stream) != COMP_OK || stream->avail_in != 0) return 0;
    stream->flush = NO_FLUSH;
    count -= FLUSHED_FIRST;
  }
  stream->avail_in = (uint32_t)count;
  stream->end_of_stream = 1;
  if (isal_deflate(stream) != COMP_OK) return 0;
  return stream->internal_state.state == ZSTATE_END ? stream->total_out : 0;
}

uint32_t cisal_crc32(uint32_t seed, const void *bytes, size_t count) {
  return crc32_gzip_refl(seed, bytes, count);
}

struct cisal_inflater {
  struct inflate_state state;
};

cisal_inflater *cisal_inflater_open(void) {
  cisal_inflater *inflater = calloc(1, sizeof(cisal_inflater));
  if (inflater) cisal_inflater_reset(inflater);
  return inflater;
}

void cisal_inflater_close(cisal_inflater *inflater) { free(inflater); }

void cisal_inflater_reset(cisal_inflater *inflater) {
  isal_inflate_init(&inflater->state);
  inflater->state.crc_flag = ISAL_GZIP;
}

int cisal_inflate(cisal_inflater *inflater, const void *bytes, size_t count, void *out, size_t room,
                  size_t *used, size_t *made) {
  // isa-l counts in 32 bits; whoever calls comes again for the rest.
  const size_t most = (size_t)1 << 30;
  uint32_t in = (uint32_t)(count < most ? count : most);
  uint32_t space = (uint32_t)(room < most ? room : most);
  struct inflate_state *state = &inflater->state;
  state->next_in = (uint8_t *)bytes;
  state->avail_in = in;
  state->next_out = out;
  state->avail_out = space;
  int status = isal_inflate(state);
  *used = in - state->avail_in;
  *made = space - state->avail_out;
  // isa-l says ISAL_END_INPUT of a header or trailer that goes on behind what is there.
  if (status != ISAL_DECOMP_OK && status != ISAL_END_INPUT) return CISAL_DAMAGED;
  return state->block_state == ISAL_BLOCK_FINISH ? CISAL_MEMBER_ENDED : CISAL_RUNNING;
}

const char *cisal_version(void) {
  return VERSION(ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
}
