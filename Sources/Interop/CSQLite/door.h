// The door to SQLite: the plan's own database.
#pragma once
#include <sqlite3.h>

/// SQLITE_TRANSIENT is a cast macro that Swift does not see: SQLite copies the bytes.
static inline int gp_bind_text(sqlite3_stmt *s, int i, const char *text, int n) {
  return sqlite3_bind_text(s, i, text, n, SQLITE_TRANSIENT);
}
static inline int gp_bind_blob(sqlite3_stmt *s, int i, const void *bytes, int n) {
  return sqlite3_bind_blob(s, i, bytes, n, SQLITE_TRANSIENT);
}
