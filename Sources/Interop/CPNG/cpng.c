#include "cpng.h"

#include <png.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const uint8_t *at;
  size_t left;
  bool is_short;
  int warnings;
  char *cause;
} source;

enum { CAUSE = 128 };

static void read_bytes(png_structp png, png_bytep out, size_t count) {
  source *from = png_get_io_ptr(png);
  if (count > from->left) {
    from->is_short = true;
    png_error(png, "the data end too early");
  }
  memcpy(out, from->at, count);
  from->at += count;
  from->left -= count;
}

static void fail(png_structp png, png_const_charp words) {
  source *from = png_get_error_ptr(png);
  snprintf(from->cause, CAUSE, "%s", words);
  png_longjmp(png, 1);
}

static void warn(png_structp png, png_const_charp words) {
  source *from = png_get_error_ptr(png);
  if (from->warnings++ == 0) snprintf(from->cause, CAUSE, "%s", words);
}

// Texts, profiles, times and other company of the pixels: passed over, so that none of it is unpacked.
static const png_byte passed_over[] =
    "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0sTER\0tEXt\0"
    "tIME\0zTXt";

// False where libpng gave up. Apart from its caller's variables, so that none of them lives across
// the jump.
static bool run(png_structp png, png_infop info, const cpng_layout *layout, uint8_t *out) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_user_limits(png, layout->columns, layout->rows);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, passed_over,
                              (int)(sizeof passed_over / 5));
  png_read_info(png, info);
  if (layout->is_raw)
    png_set_packing(png);
  else
    png_set_expand(png);
  // A transparent colour that libpng would not have leaves nothing to expand.
  if (layout->has_alpha && !(png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) &&
      !png_get_valid(png, info, PNG_INFO_tRNS))
    png_set_add_alpha(png, 0xFFFF, PNG_FILLER_AFTER);
  if (png_get_bit_depth(png, info) == 16) png_set_swap(png);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_image_width(png, info) != layout->columns ||
      png_get_image_height(png, info) != layout->rows ||
      png_get_rowbytes(png, info) != layout->row_bytes)
    png_error(png, "the picture is of another size than its first chunk says");
  for (int pass = 0; pass < passes; pass++)
    for (size_t row = 0; row < layout->rows; row++)
      png_read_row(png, out + row * layout->row_bytes, NULL);
  png_read_end(png, NULL);
  return true;
}

cpng_status cpng_decode(const void *bytes, size_t count, const cpng_layout *layout, void *out,
                        int *warnings, char *cause) {
  source from = {bytes, count, false, 0, cause};
  cause[0] = 0;
  *warnings = 0;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &from, fail, warn);
  if (png == NULL) return cpng_memory;
  png_infop info = png_create_info_struct(png);
  if (info == NULL) {
    png_destroy_read_struct(&png, NULL, NULL);
    return cpng_memory;
  }
  png_set_read_fn(png, &from, read_bytes);
  const bool is_whole = run(png, info, layout, out);
  png_destroy_read_struct(&png, &info, NULL);
  *warnings = from.warnings;
  if (is_whole) return cpng_ok;
  return from.is_short ? cpng_truncated : cpng_damaged;
}

const char *cpng_version(void) { return png_get_libpng_ver(NULL); }
