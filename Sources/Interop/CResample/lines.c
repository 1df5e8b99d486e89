// New lines as sums of weighted old ones.
//
// A weight of 22 bits is split so that AVX2 can multiply 16 bits by 16 and add up pairs. Sums wrap at
// 32 bits wherever they are put together, and what comes out in the end lies well within.
#include "lines.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))
#endif

// Products are rounded before they are added, on every processor.
#pragma STDC FP_CONTRACT OFF

enum { LOW_BITS = 15, BITS = 22 };

static uint8_t clipped(uint32_t sum) {
  int32_t value = (int32_t)sum >> BITS;
  return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

// Samples that the portable code sums at once.
enum { BLOCK = 64 };

static void byte_block(const uint8_t *in, size_t width, size_t count, const int16_t *weights, size_t block,
                       uint8_t *out) {
  uint32_t sums[BLOCK];
  for (size_t x = 0; x < block; x++) sums[x] = 1u << (BITS - 1);
  for (size_t i = 0; i < count; i++) {
    const int16_t *pair = weights + i / 2 * 4 + i % 2;
    uint32_t weight = ((uint32_t)pair[0] << LOW_BITS) + (uint32_t)pair[2];
    const uint8_t *line = in + i * width;
    for (size_t x = 0; x < block; x++) sums[x] += line[x] * weight;
  }
  for (size_t x = 0; x < block; x++) out[x] = clipped(sums[x]);
}

static void byte_lines(const struct cresample_axis *axis, const void *in, size_t width, size_t base,
                       size_t begin, size_t end, void *out) {
  for (size_t line = begin; line < end; line++) {
    const uint8_t *first = (const uint8_t *)in + (axis->starts[line] - base) * width;
    const int16_t *weights = (const int16_t *)axis->weights + line * axis->stride;
    uint8_t *to = (uint8_t *)out + (line - begin) * width;
    for (size_t x = 0; x < width; x += BLOCK) {
      size_t block = width - x < BLOCK ? width - x : BLOCK;
      byte_block(first + x, width, axis->counts[line], weights, block, to + x);
    }
  }
}

static void float_block(const float *in, size_t width, size_t count, const double *weights, size_t block,
                        float *out) {
  double sums[BLOCK] = {0};
  for (size_t i = 0; i < count; i++) {
    const float *line = in + i * width;
    for (size_t x = 0; x < block; x++) sums[x] += line[x] * weights[i];
  }
  for (size_t x = 0; x < block; x++) out[x] = (float)sums[x];
}

static void float_lines(const struct cresample_axis *axis, const void *in, size_t width, size_t base,
                        size_t begin, size_t end, void *out) {
  for (size_t line = begin; line < end; line++) {
    const float *first = (const float *)in + (axis->starts[line] - base) * width;
    const double *weights = (const double *)axis->weights + line * axis->stride;
    float *to = (float *)out + (line - begin) * width;
    for (size_t x = 0; x < width; x += BLOCK) {
      size_t block = width - x < BLOCK ? width - x : BLOCK;
      float_block(first + x, width, axis->counts[line], weights, block, to + x);
    }
  }
}

#if defined(AVX2)
AVX2 static inline __m256i pair_of_weights(const int16_t *pair) {
  int32_t both;
  memcpy(&both, pair, sizeof both);
  return _mm256_set1_epi32(both);
}

AVX2 static inline __m256i rounded(__m256i high, __m256i low) {
  __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high, LOW_BITS), low);
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (BITS - 1))), BITS);
}

AVX2 static void byte_block_avx2(const uint8_t *in, size_t width, size_t count, const int16_t *weights,
                                 uint8_t *out) {
  const __m256i zero = _mm256_setzero_si256();
  __m256i high0 = zero, high1 = zero, high2 = zero, high3 = zero;
  __m256i low0 = zero, low1 = zero, low2 = zero, low3 = zero;
  for (size_t i = 0; i < count; i += 2, weights += 4) {
    const __m256i high = pair_of_weights(weights), low = pair_of_weights(weights + 2);
    // Where the count is odd the last line stands beside itself, with a weight of 0.
    const __m256i a = _mm256_loadu_si256((const __m256i *)in);
    const __m256i b = _mm256_loadu_si256((const __m256i *)(i + 1 < count ? in + width : in));
    in += 2 * width;
    const __m256i ab0 = _mm256_unpacklo_epi8(a, b), ab1 = _mm256_unpackhi_epi8(a, b);
    const __m256i p0 = _mm256_unpacklo_epi8(ab0, zero), p1 = _mm256_unpackhi_epi8(ab0, zero);
    const __m256i p2 = _mm256_unpacklo_epi8(ab1, zero), p3 = _mm256_unpackhi_epi8(ab1, zero);
    high0 = _mm256_add_epi32(high0, _mm256_madd_epi16(p0, high));
    high1 = _mm256_add_epi32(high1, _mm256_madd_epi16(p1, high));
    high2 = _mm256_add_epi32(high2, _mm256_madd_epi16(p2, high));
    high3 = _mm256_add_epi32(high3, _mm256_madd_epi16(p3, high));
    low0 = _mm256_add_epi32(low0, _mm256_madd_epi16(p0, low));
    low1 = _mm256_add_epi32(low1, _mm256_madd_epi16(p1, low));
    low2 = _mm256_add_epi32(low2, _mm256_madd_epi16(p2, low));
    low3 = _mm256_add_epi32(low3, _mm256_madd_epi16(p3, low));
  }
  // Packing saturates, which clips; it undoes the order in which unpacking within halves left them.
  const __m256i sums0 = _mm256_packs_epi32(rounded(high0, low0), rounded(high1, low1));
  const __m256i sums1 = _mm256_packs_epi32(rounded(high2, low2), rounded(high3, low3));
  _mm256_storeu_si256((__m256i *)out, _mm256_packus_epi16(sums0, sums1));
}

AVX2 static void byte_lines_avx2(const struct cresample_axis *axis, const void *in, size_t width,
                                 size_t base, size_t begin, size_t end, void *out) {
  if (width < BYTES_AT_ONCE) {
    byte_lines(axis, in, width, base, begin, end, out);
    return;
  }
  for (size_t line = begin; line < end; line++) {
    const uint8_t *first = (const uint8_t *)in + (axis->starts[line] - base) * width;
    const int16_t *weights = (const int16_t *)axis->weights + line * axis->stride;
    uint8_t *to = (uint8_t *)out + (line - begin) * width;
    for (size_t x = 0; x < width; x += BYTES_AT_ONCE) {
      // The last block lies over the one before it.
      if (x > width - BYTES_AT_ONCE) x = width - BYTES_AT_ONCE;
      byte_block_avx2(first + x, width, axis->counts[line], weights, to + x);
    }
  }
}

AVX2 static void float_block_avx2(const float *in, size_t width, size_t count, const double *weights,
                                  float *out) {
  __m256d sum0 = _mm256_setzero_pd(), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  for (size_t i = 0; i < count; i++, in += width) {
    const __m256d weight = _mm256_set1_pd(weights[i]);
    sum0 = _mm256_add_pd(sum0, _mm256_mul_pd(_mm256_cvtps_pd(_mm_loadu_ps(in)), weight));
    sum1 = _mm256_add_pd(sum1, _mm256_mul_pd(_mm256_cvtps_pd(_mm_loadu_ps(in + 4)), weight));
    sum2 = _mm256_add_pd(sum2, _mm256_mul_pd(_mm256_cvtps_pd(_mm_loadu_ps(in + 8)), weight));
    sum3 = _mm256_add_pd(sum3, _mm256_mul_pd(_mm256_cvtps_pd(_mm_loadu_ps(in + 12)), weight));
  }
  _mm_storeu_ps(out, _mm256_cvtpd_ps(sum0));
  _mm_storeu_ps(out + 4, _mm256_cvtpd_ps(sum1));
  _mm_storeu_ps(out + 8, _mm256_cvtpd_ps(sum2));
  _mm_storeu_ps(out + 12, _mm256_cvtpd_ps(sum3));
}

AVX2 static void float_lines_avx2(const struct cresample_axis *axis, const void *in, size_t width,
                                  size_t base, size_t begin, size_t end, void *out) {
  if (width < FLOATS_AT_ONCE) {
    float_lines(axis, in, width, base, begin, end, out);
    return;
  }
  for (size_t line = begin; line < end; line++) {
    const float *first = (const float *)in + (axis->starts[line] - base) * width;
    const double *weights = (const double *)axis->weights + line * axis->stride;
    float *to = (float *)out + (line - begin) * width;
    for (size_t x = 0; x < width; x += FLOATS_AT_ONCE) {
      if (x > width - FLOATS_AT_ONCE) x = width - FLOATS_AT_ONCE;
      float_block_avx2(first + x, width, axis->counts[line], weights, to + x);
    }
  }
}
#endif

lines_function *cresample_lines(enum cresample_sample sample, enum cresample_code code) {
#if defined(AVX2)
  if (code == CRESAMPLE_BEST && __builtin_cpu_supports("avx2"))
    return sample == CRESAMPLE_BYTE ? byte_lines_avx2 : float_lines_avx2;
#endif
  return sample == CRESAMPLE_BYTE ? byte_lines : float_lines;
}
