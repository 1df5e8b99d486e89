// The door to libdeflate: DEFLATE, zlib and CRC-32 of whole buffers.
#include <libdeflate.h>
