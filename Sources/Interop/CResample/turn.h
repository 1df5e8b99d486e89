#pragma once
#include <stddef.h>
#include <stdint.h>

/// Rows of pixels to columns: the pixel of `row` and `column`, `pixel` bytes at
/// in + row * in_stride + column * pixel, goes to out + column * out_stride + row * pixel.
void cresample_turn(const uint8_t *in, size_t in_stride, size_t rows, size_t columns, size_t pixel,
                    uint8_t *out, size_t out_stride);
