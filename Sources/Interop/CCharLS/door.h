// The door to CharLS: JPEG-LS.
#include <charls/charls.h>
