// The door to what Linux offers a process and Swift cannot call, or only by unsafe detours.
#pragma once
#include <stdint.h>
#include <sys/types.h>

/// A child process and this end of its three channels.
struct gp_child {
  pid_t pid;
  /// Written to with gp_send: the child's standard input.
  int input;
  /// Read from, never blocking: the child's standard output and standard error.
  int output, errors;
};

/// How a child ended.
enum gp_ending { GP_EXIT = 0, GP_SIGNAL = 1 };

/// Starts a child in a process group of its own with no signal blocked and Swift's backtracer off.
/// `argv` ends with NULL. Returns 0, or an errno.
int gp_spawn(const char *executable, char *const argv[], struct gp_child *child);

/// Writes to a child's input as write(2) does, but raises no SIGPIPE where the child is gone.
ssize_t gp_send(int descriptor, const void *bytes, size_t count);

/// Waits for a child; `value` becomes its exit status or the signal that ended it.
enum gp_ending gp_wait(pid_t pid, int *value);

/// Has the kernel kill this process when its parent ends, and ends it at once if the parent is
/// gone already.
void gp_die_with_parent(pid_t parent);

/// Bounds this process's address space in bytes; 0, or an errno.
int gp_limit_address_space(uint64_t bytes);

/// Leaves no core file behind: it would hold pixels and headers.
void gp_no_core_file(void);

/// Blocks SIGINT and SIGTERM and returns a descriptor that becomes readable when one comes; -1
/// with errno on failure. Undone by gp_release_interrupts.
int gp_hold_interrupts(void);
void gp_release_interrupts(int descriptor);

/// Milliseconds of a clock that only goes forward.
int64_t gp_milliseconds(void);
