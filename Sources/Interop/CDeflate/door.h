// The door to libdeflate: deflate streams of whole buffers.
#pragma once
#include <libdeflate.h>
