#pragma once
#include "cresample.h"

/// Makes the new lines begin..<end, of `width` samples each, side by side at `out`. At `in` lies the old
/// line `base`, and behind it those that follow.
typedef void lines_function(const struct cresample_axis *axis, const void *in, size_t width, size_t base,
                            size_t begin, size_t end, void *out);

lines_function *cresample_lines(enum cresample_sample sample, enum cresample_code code);

/// Samples that the best code takes at once.
enum { BYTES_AT_ONCE = 32, FLOATS_AT_ONCE = 16 };
