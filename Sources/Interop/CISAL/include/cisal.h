// The door to ISA-L: zlib streams of whole buffers at level 1, and CRC-32.
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

const char *cisal_version(void);
