// The door to libzip: members of a .zip by index.
#include <zip.h>
