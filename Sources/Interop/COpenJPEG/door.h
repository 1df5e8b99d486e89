// The door to OpenJPEG: JPEG 2000.
#include <openjpeg.h>
