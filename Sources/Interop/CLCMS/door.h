// The door to Little CMS: ICC profiles. Its macros of pixel formats are no numbers to Swift.
#pragma once
#include <lcms2.h>

static const cmsUInt32Number clcms_rgb8 = TYPE_RGB_8;
static const cmsUInt32Number clcms_rgb16 = TYPE_RGB_16;
// Transforms without the memory of the last colour may be used by several threads at once.
static const cmsUInt32Number clcms_flags = cmsFLAGS_NOCACHE;
// Step by step, rather than through a table of a few colours in between.
static const cmsUInt32Number clcms_exact_flags = cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE;
static const cmsUInt32Number clcms_perceptual = INTENT_PERCEPTUAL;
