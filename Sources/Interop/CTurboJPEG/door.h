// The door to libjpeg-turbo: 8-bit JPEG, both ways.
#include <turbojpeg.h>
