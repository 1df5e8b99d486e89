// The door to OpenSlide: whole slides of microscope makers, by path.
#pragma once
#include <openslide/openslide.h>

// Silences libtiff, through which OpenSlide reads: its messages name the file. Safe to call from any
// thread, any number of times; to be called before anything else here.
void copenslide_quiet(void);
