// The door to OpenSlide: whole slides of microscope makers, by path.
//
// The library is opened when a slide may be at hand, not with the program: it brings some thirty others
// (GLib, cairo, GDK), whose start costs as much as that of all the rest, in every process.
#pragma once
#include <openslide/openslide.h>

// OpenSlide's functions that are called, as its header declares them.
struct copenslide {
  __typeof__(openslide_get_version) *get_version;
  __typeof__(openslide_detect_vendor) *detect_vendor;
  __typeof__(openslide_open) *open;
  __typeof__(openslide_close) *close;
  __typeof__(openslide_get_error) *get_error;
  __typeof__(openslide_get_level_count) *get_level_count;
  __typeof__(openslide_get_level_dimensions) *get_level_dimensions;
  __typeof__(openslide_get_level_downsample) *get_level_downsample;
  __typeof__(openslide_get_property_value) *get_property_value;
  __typeof__(openslide_get_associated_image_names) *get_associated_image_names;
  __typeof__(openslide_read_region) *read_region;
};

// The library, opened at the first call from whichever thread; null where it is not installed or lacks
// one of the functions. It is never closed.
const struct copenslide *copenslide(void);
