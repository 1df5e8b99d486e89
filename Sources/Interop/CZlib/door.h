// The door to zlib: gzip as a stream.
#include <zlib.h>
