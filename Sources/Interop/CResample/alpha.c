// Colours times opacity, and back, in Pillow's whole numbers.
#include "cresample.h"

void cresample_premultiply(const uint8_t *in, size_t pixels, size_t channels, uint8_t *out) {
  for (size_t i = 0; i < pixels; i++, in += channels, out += channels) {
    unsigned alpha = in[channels - 1];
    for (size_t channel = 0; channel < channels - 1; channel++) {
      // x / 255 to the nearest, for x up to 255^2.
      unsigned x = in[channel] * alpha + 128;
      out[channel] = (uint8_t)((x + (x >> 8)) >> 8);
    }
    out[channels - 1] = (uint8_t)alpha;
  }
}

void cresample_unpremultiply(uint8_t *picture, size_t pixels, size_t channels) {
  for (size_t i = 0; i < pixels; i++, picture += channels) {
    unsigned alpha = picture[channels - 1];
    if (alpha == 0 || alpha == 255) continue;
    for (size_t channel = 0; channel < channels - 1; channel++) {
      unsigned x = picture[channel] * 255 / alpha;
      picture[channel] = (uint8_t)(x < 255 ? x : 255);
    }
  }
}
