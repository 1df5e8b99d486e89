// A resize as two passes that make lines of lines: rows as they lie, and columns of a few rows that
// were turned so that pixels of a column lie together. No more than those rows, and the ones that wait
// for the other pass, is kept on the way: they stay in the cache.
#include "lines.h"
#include "turn.h"

#include <string.h>

// What a resize works with.
struct work {
  // Samples and bytes of a pixel.
  size_t channels, pixel;
  // Rows that are turned together.
  size_t rows;
  struct cresample_axis across, down;
  lines_function *lines;
  // Columns of some rows, before and after they are resized; rows between the passes.
  uint8_t *turned, *resized, *waiting;
};

// As many rows as fill what the best code takes at once.
static size_t rows_at_once(enum cresample_sample sample, size_t channels) {
  size_t samples = sample == CRESAMPLE_BYTE ? BYTES_AT_ONCE : FLOATS_AT_ONCE, rows = samples;
  while (rows > 8 && rows / 2 * channels % samples == 0) rows /= 2;
  return rows;
}

static struct work work_of(enum cresample_sample sample, size_t channels, struct cresample_axis across,
                           struct cresample_axis down) {
  return (struct work){
      .channels = channels, .pixel = sample * channels, .rows = rows_at_once(sample, channels),
      .across = across, .down = down};
}

static size_t turned_bytes(const struct work *work, size_t columns) {
  return columns * work->rows * work->pixel;
}

// Enough that rows move to the front once in as many rows as then move.
static size_t waiting_rows(const struct work *work) { return 2 * (work->down.most + work->rows); }

static size_t waiting_bytes(const struct work *work) {
  if (!work->down.weights) return 0;
  size_t before = work->rows * work->across.from, after = waiting_rows(work) * work->across.to;
  return (before > after ? before : after) * work->pixel;
}

// At most `rows` rows, resized along themselves.
static void across(const struct work *work, const uint8_t *in, size_t rows, uint8_t *out) {
  size_t from = work->across.from, to = work->across.to, line = work->rows * work->pixel;
  cresample_turn(in, from * work->pixel, rows, from, work->pixel, work->turned, line);
  work->lines(&work->across, work->turned, work->rows * work->channels, 0, 0, to, work->resized);
  cresample_turn(work->resized, line, to, rows, work->pixel, out, to * work->pixel);
}

static size_t piece(const struct work *work, size_t row, size_t rows) {
  return rows - row < work->rows ? rows - row : work->rows;
}

static void across_alone(const struct work *work, const uint8_t *in, uint8_t *out) {
  size_t rows = work->down.from, from = work->across.from * work->pixel,
         to = work->across.to * work->pixel;
  for (size_t row = 0; row < rows; row += work->rows)
    across(work, in + row * from, piece(work, row, rows), out + row * to);
}

static void down_then_across(const struct work *work, const uint8_t *in, uint8_t *out) {
  size_t rows = work->down.to, width = work->across.from * work->channels,
         to = work->across.to * work->pixel;
  for (size_t row = 0; row < rows; row += work->rows) {
    size_t some = piece(work, row, rows);
    work->lines(&work->down, in, width, 0, row, row + some, work->waiting);
    across(work, work->waiting, some, out + row * to);
  }
}

static void across_then_down(const struct work *work, const uint8_t *in, uint8_t *out) {
  const struct cresample_axis *down = &work->down;
  size_t width = work->across.to * work->channels, from = work->across.from * work->pixel,
         to = work->across.to * work->pixel;
  // Of the rows, base..<base + held wait; `next` is the first new one that is not made.
  size_t base = 0, held = 0, next = 0;
  for (size_t row = 0; row < down->from && next < down->to; row += work->rows) {
    size_t some = piece(work, row, down->from);
    if (held + some > waiting_rows(work)) {
      size_t gone = (size_t)down->starts[next] - base;
      if (gone > held) gone = held;
      memmove(work->waiting, work->waiting + gone * to, (held - gone) * to);
      base += gone;
      held -= gone;
    }
    across(work, in + row * from, some, work->waiting + held * to);
    held += some;
    size_t end = next;
    while (end < down->to && (size_t)down->starts[end] + down->counts[end] <= base + held) end++;
    work->lines(down, work->waiting, width, base, next, end, out + next * to);
    next = end;
  }
}

size_t cresample_scratch(enum cresample_sample sample, size_t channels, struct cresample_axis across,
                         struct cresample_axis down) {
  if (!across.weights) return 0;
  struct work work = work_of(sample, channels, across, down);
  return turned_bytes(&work, across.from) + turned_bytes(&work, across.to) + waiting_bytes(&work);
}

void cresample_resize(enum cresample_sample sample, const void *in, size_t channels,
                      struct cresample_axis across, struct cresample_axis down, int down_first, void *out,
                      void *scratch, enum cresample_code code) {
  struct work work = work_of(sample, channels, across, down);
  work.lines = cresample_lines(sample, code);
  if (!across.weights) {
    if (down.weights) work.lines(&down, in, across.from * channels, 0, 0, down.to, out);
    else memcpy(out, in, down.to * across.to * work.pixel);
    return;
  }
  work.turned = scratch;
  work.resized = work.turned + turned_bytes(&work, across.from);
  work.waiting = work.resized + turned_bytes(&work, across.to);
  // Of the last rows there may be fewer; what is made of the places beside them is not used.
  memset(work.turned, 0, turned_bytes(&work, across.from));
  if (!down.weights) across_alone(&work, in, out);
  else if (down_first) down_then_across(&work, in, out);
  else across_then_down(&work, in, out);
}
