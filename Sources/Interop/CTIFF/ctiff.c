#include "ctiff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

struct ctiff {
  TIFF *tiff;
  uint8_t *bytes;
  size_t count;
  uint64_t at;
  int complaints;
  // A strip whose data end too early is filled up, and a tag whose value lies behind the end is
  // passed over; only a warning says so.
  bool is_short;
  char cause[128];
};

// Keeps the words of a complaint. They are those of the format, so that no value of a header is
// among them; libjpeg's come as one argument, and quote nothing but markers.
static void keep(ctiff *self, const char *module, const char *format, va_list arguments) {
  self->complaints++;
  const bool is_jpeg =
      module != NULL && (strcmp(module, "JPEGLib") == 0 || strcmp(module, "LibJpeg") == 0);
  if (is_jpeg && strcmp(format, "%s") == 0) {
    vsnprintf(self->cause, sizeof self->cause, format, arguments);
    if (strstr(self->cause, "remature end") != NULL) self->is_short = true;
  } else {
    snprintf(self->cause, sizeof self->cause, "%s", format);
    if (strncmp(format, "IO error", 8) == 0) self->is_short = true;
  }
}

// Not 0: the process-wide handlers, which print, are not asked.
static int hear(TIFF *tiff, void *self, const char *module, const char *format,
                va_list arguments) {
  (void)tiff;
  keep(self, module, format, arguments);
  return 1;
}

static tmsize_t read_bytes(thandle_t handle, void *out, tmsize_t wanted) {
  ctiff *self = handle;
  if (wanted < 0 || self->at >= self->count) return 0;
  size_t taken = self->count - self->at;
  if ((size_t)wanted < taken) taken = (size_t)wanted;
  memcpy(out, self->bytes + self->at, taken);
  self->at += taken;
  return (tmsize_t)taken;
}

static tmsize_t write_bytes(thandle_t handle, void *bytes, tmsize_t count) {
  (void)handle, (void)bytes, (void)count;
  return -1;
}

static toff_t seek(thandle_t handle, toff_t offset, int whence) {
  ctiff *self = handle;
  switch (whence) {
    case SEEK_SET: self->at = offset; break;
    case SEEK_CUR: self->at += offset; break;
    default: self->at = self->count + offset;
  }
  return self->at;
}

static int no_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t size(thandle_t handle) { return ((ctiff *)handle)->count; }

static int map(thandle_t handle, void **base, toff_t *count) {
  ctiff *self = handle;
  *base = self->bytes;
  *count = self->count;
  return 1;
}

static void unmap(thandle_t handle, void *base, toff_t count) {
  (void)handle, (void)base, (void)count;
}

ctiff *ctiff_open(const void *bytes, size_t count, size_t limit) {
  ctiff *self = calloc(1, sizeof *self);
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (self == NULL || options == NULL) {
    free(self);
    if (options != NULL) TIFFOpenOptionsFree(options);
    return NULL;
  }
  // Mapped input is never written to by libtiff.
  self->bytes = (uint8_t *)bytes;
  self->count = count;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, (tmsize_t)limit);
  TIFFOpenOptionsSetErrorHandlerExtR(options, hear, self);
  TIFFOpenOptionsSetWarningHandlerExtR(options, hear, self);
  // h: the header alone, without the first directory.
  self->tiff = TIFFClientOpenExt("memory", "rh", self, read_bytes, write_bytes, seek, no_close,
                                 size, map, unmap, options);
  TIFFOpenOptionsFree(options);
  if (self->tiff == NULL) {
    free(self);
    return NULL;
  }
  return self;
}

bool ctiff_select(ctiff *self, uint64_t offset) {
  self->is_short = false;
  return TIFFSetSubDirectory(self->tiff, offset);
}

bool ctiff_is_short(const ctiff *self) { return self->is_short; }

void ctiff_close(ctiff *self) {
  TIFFClose(self->tiff);
  free(self);
}

static uint16_t number(ctiff *self, uint32_t tag) {
  uint16_t value = 0;
  TIFFGetFieldDefaulted(self->tiff, tag, &value);
  return value;
}

void ctiff_describe_kind(ctiff *self, ctiff_kind *kind) {
  memset(kind, 0, sizeof *kind);
  TIFFGetField(self->tiff, TIFFTAG_IMAGEWIDTH, &kind->columns);
  TIFFGetField(self->tiff, TIFFTAG_IMAGELENGTH, &kind->rows);
  kind->orientation = number(self, TIFFTAG_ORIENTATION);
  TIFFGetFieldDefaulted(self->tiff, TIFFTAG_SUBFILETYPE, &kind->subfile);
}

bool ctiff_describe(ctiff *self, ctiff_page *page) {
  TIFF *tiff = self->tiff;
  memset(page, 0, sizeof *page);
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page->columns);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page->rows);
  page->compression = number(self, TIFFTAG_COMPRESSION);
  page->samples = number(self, TIFFTAG_SAMPLESPERPIXEL);
  page->bits = number(self, TIFFTAG_BITSPERSAMPLE);
  page->sample_format = number(self, TIFFTAG_SAMPLEFORMAT);
  page->planar = number(self, TIFFTAG_PLANARCONFIG);
  page->orientation = number(self, TIFFTAG_ORIENTATION);
  page->ink_set = number(self, TIFFTAG_INKSET);
  uint16_t photometric = 0;
  page->photometric =
      TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric) ? photometric : -1;
  uint16_t extra_count = 0;
  uint16_t *extra = NULL;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extra);
  page->extra_count = extra_count;
  for (int i = 0; extra != NULL && i < extra_count && i < ctiff_max_extra; i++)
    page->extra[i] = extra[i];
  // The sizes of blocks depend on it.
  if (page->compression == COMPRESSION_JPEG && page->photometric == PHOTOMETRIC_YCBCR &&
      page->planar == PLANARCONFIG_CONTIG)
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  page->is_tiled = TIFFIsTiled(tiff);
  if (page->is_tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &page->block_columns);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &page->block_rows);
  } else {
    page->block_columns = page->columns;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &page->block_rows);
    if (page->block_rows > page->rows) page->block_rows = page->rows;
  }
  const tmsize_t bytes = page->is_tiled ? TIFFTileSize(tiff) : TIFFStripSize(tiff);
  page->block_bytes = bytes > 0 ? (size_t)bytes : 0;
  page->blocks = page->is_tiled ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
  if (page->planar == PLANARCONFIG_SEPARATE && page->samples > 0) page->blocks /= page->samples;
  self->complaints = 0;
  return bytes > 0 && page->block_columns > 0 && page->block_rows > 0;
}

bool ctiff_colormap(ctiff *self, const uint16_t **red, const uint16_t **green,
                    const uint16_t **blue) {
  uint16_t *columns[3] = {NULL, NULL, NULL};
  if (!TIFFGetField(self->tiff, TIFFTAG_COLORMAP, &columns[0], &columns[1], &columns[2]))
    return false;
  *red = columns[0];
  *green = columns[1];
  *blue = columns[2];
  return columns[0] != NULL && columns[1] != NULL && columns[2] != NULL;
}

const uint8_t *ctiff_profile(ctiff *self, size_t *count) {
  uint32_t length = 0;
  void *bytes = NULL;
  if (!TIFFGetField(self->tiff, TIFFTAG_ICCPROFILE, &length, &bytes)) return NULL;
  *count = length;
  return bytes;
}

bool ctiff_read(ctiff *self, uint32_t block, void *out, size_t room) {
  const bool is_tiled = TIFFIsTiled(self->tiff);
  const tmsize_t got =
      is_tiled ? TIFFReadEncodedTile(self->tiff, block, out, (tmsize_t)room)
               : TIFFReadEncodedStrip(self->tiff, block, out, (tmsize_t)room);
  return got == (tmsize_t)room && !self->is_short;
}

bool ctiff_read_rgba(ctiff *self, uint32_t columns, uint32_t rows, uint32_t *out) {
  char words[1024] = "";
  TIFFRGBAImage image;
  // Its words quote values of the header; they are left out.
  if (!TIFFRGBAImageOK(self->tiff, words)) return false;
  if (!TIFFRGBAImageBegin(&image, self->tiff, 1, words)) return false;
  // Rows stay where they are; whoever asked turns the picture.
  image.req_orientation = image.orientation;
  const bool is_whole = image.width == columns && image.height == rows &&
                        TIFFRGBAImageGet(&image, out, columns, rows);
  TIFFRGBAImageEnd(&image);
  return is_whole && !self->is_short;
}

int ctiff_complaints(const ctiff *self) { return self->complaints; }

const char *ctiff_cause(const ctiff *self) { return self->cause; }

#define TEXT(x) #x
#define VERSION(a, b, c) TEXT(a) "." TEXT(b) "." TEXT(c)

const char *ctiff_version(void) {
  return VERSION(TIFFLIB_MAJOR_VERSION, TIFFLIB_MINOR_VERSION, TIFFLIB_MICRO_VERSION);
}
