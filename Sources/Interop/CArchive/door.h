// The door to libarchive: tar in every wrapping it knows, read as a stream.
#include <archive.h>
#include <archive_entry.h>
