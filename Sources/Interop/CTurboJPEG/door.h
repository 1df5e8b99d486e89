// The door to libjpeg-turbo: 8-bit JPEG.
#include <turbojpeg.h>
