#define _GNU_SOURCE
#include "copenslide.h"

#include <dlfcn.h>
#include <pthread.h>

// OpenSlide has no way to set libtiff's handlers, and libtiff comes with it: it is asked by name, so
// that building needs no headers of a library that is not called here.
static void silence(const char *setter) {
  void *(*set)(void *) = (void *(*)(void *))dlsym(RTLD_DEFAULT, setter);
  if (set) set(NULL);
}

static void silence_all(void) {
  silence("TIFFSetErrorHandler");
  silence("TIFFSetWarningHandler");
}

void copenslide_quiet(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, silence_all);
}
