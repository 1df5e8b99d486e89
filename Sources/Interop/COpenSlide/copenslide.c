#define _GNU_SOURCE
#include "copenslide.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

static struct copenslide functions;
static bool is_open;

// OpenSlide has no way to set libtiff's handlers, through which it reads, and libtiff's messages name
// the file. It is asked by name, since building needs no headers of a library that is not called here.
static void silence(void *library, const char *setter) {
  void *(*set)(void *) = (void *(*)(void *))dlsym(library, setter);
  if (set) set(NULL);
}

static void open_once(void) {
  // The name that its programs are linked with: 0 is the version of what is called.
  void *library = dlopen("libopenslide.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
#define FIND(name) \
  if (!(functions.name = (__typeof__(functions.name))dlsym(library, "openslide_" #name))) return;
  FIND(get_version)
  FIND(detect_vendor)
  FIND(open)
  FIND(close)
  FIND(get_error)
  FIND(get_level_count)
  FIND(get_level_dimensions)
  FIND(get_level_downsample)
  FIND(get_property_value)
  FIND(get_associated_image_names)
  FIND(read_region)
#undef FIND
  silence(library, "TIFFSetErrorHandler");
  silence(library, "TIFFSetWarningHandler");
  is_open = true;
}

const struct copenslide *copenslide(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_once);
  return is_open ? &functions : NULL;
}
