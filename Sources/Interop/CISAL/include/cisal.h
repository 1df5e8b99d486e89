// The door to ISA-L: zlib streams of whole buffers at level 1, CRC-32, and gzip read as a stream.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct cisal_compressor cisal_compressor;

// A compressor, or NULL where the process is out of memory.
cisal_compressor *cisal_open(void);
void cisal_close(cisal_compressor *compressor);

// The most bytes that `count` bytes compress to.
size_t cisal_bound(size_t count);

// Compresses into a zlib stream (RFC 1950); both counts are below 4 GiB. Returns its length, or 0
// where `room` is below the bound.
size_t cisal_compress(cisal_compressor *compressor, const void *bytes, size_t count, void *out,
                      size_t room);

// CRC-32 of ISO 3309, as PNG and gzip use it; `seed` is 0, or the checksum of what came before.
uint32_t cisal_crc32(uint32_t seed, const void *bytes, size_t count);

typedef struct cisal_inflater cisal_inflater;

// Reads gzip members (RFC 1952); NULL where the process is out of memory.
cisal_inflater *cisal_inflater_open(void);
void cisal_inflater_close(cisal_inflater *inflater);
// Forgets what it was at: the next byte is the first of a member.
void cisal_inflater_reset(cisal_inflater *inflater);

enum {
  // Wants more input, or more room.
  CISAL_RUNNING = 0,
  // The member has ended, and its checksum and length are right.
  CISAL_MEMBER_ENDED = 1,
  // The bytes are no gzip member, or its checksum or length is wrong.
  CISAL_DAMAGED = -1
};

// Inflates from `bytes` into `out` as far as both go; `used` and `made` take how far that was.
int cisal_inflate(cisal_inflater *inflater, const void *bytes, size_t count, void *out, size_t room,
                  size_t *used, size_t *made);

const char *cisal_version(void);
