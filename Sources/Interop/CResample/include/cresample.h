// Resizing pictures in Pillow's arithmetic: sums of weighted lines, of bytes in whole numbers and of
// floats in double precision. No library is behind this door, only processors.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Which lines of a picture, or which pixels of a line, make each new one.
struct cresample_axis {
  /// How many there are before and after.
  size_t from, to;
  /// For each new one the first old one, and how many; and the largest of these counts.
  const int32_t *starts, *counts;
  size_t most;
  /// For each new one `stride` elements; NULL where the axis stays as it is, and only `from` and `to`
  /// count. For floats double, one for each old one. For bytes int16_t, four for every two old ones:
  /// the high parts of their weights in 1/2^7, then the low parts in 1/2^22, from 0 to 2^15 - 1;
  /// behind an odd count the last pair's second weight is 0.
  const void *weights;
  size_t stride;
};

/// By its size in bytes.
enum cresample_sample { CRESAMPLE_BYTE = 1, CRESAMPLE_FLOAT = 4 };

/// Which code adds up: the best for this processor, or what every processor has. Results are the same.
enum cresample_code { CRESAMPLE_BEST, CRESAMPLE_PORTABLE };

/// Bytes of working memory that a resize takes.
size_t cresample_scratch(enum cresample_sample sample, size_t channels, struct cresample_axis across,
                         struct cresample_axis down);

/// Resizes a picture of `down.from` rows of `across.from` pixels of `channels` samples, without gaps,
/// into one of `down.to` rows of `across.to`. `down_first` has the pass over columns made before the
/// one along rows.
void cresample_resize(enum cresample_sample sample, const void *in, size_t channels,
                      struct cresample_axis across, struct cresample_axis down, int down_first, void *out,
                      void *scratch, enum cresample_code code);

/// Multiplies all channels by the last, in 1/255, rounded.
void cresample_premultiply(const uint8_t *in, size_t pixels, size_t channels, uint8_t *out);

/// Divides all channels by the last, in 1/255, rounded down and at most 255; colours of what is opaque
/// or cannot be seen stay.
void cresample_unpremultiply(uint8_t *picture, size_t pixels, size_t channels);
