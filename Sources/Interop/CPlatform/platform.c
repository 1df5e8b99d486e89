#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void close_all(int *fds, int n) {
  for (int i = 0; i < n; i++)
    if (fds[i] >= 0) close(fds[i]);
}

// The environment with Swift's backtracer off: it would hold a crashed child for seconds, and read
// out its memory. NULL where there is no room.
static char **child_environment(void) {
  static const char name[] = "SWIFT_BACKTRACE=";
  static char off[] = "SWIFT_BACKTRACE=enable=no";
  size_t n = 0;
  while (environ[n]) n++;
  char **copy = malloc((n + 2) * sizeof *copy);
  if (!copy) return NULL;
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (strncmp(environ[i], name, sizeof name - 1)) copy[kept++] = environ[i];
  copy[kept++] = off;
  copy[kept] = NULL;
  return copy;
}

int gp_spawn(const char *executable, char *const argv[], struct gp_child *child) {
  int fds[6] = {-1, -1, -1, -1, -1, -1};
  // A socket, since writing to a pipe that nobody reads would end this process with SIGPIPE.
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) || pipe2(fds + 2, O_CLOEXEC) || pipe2(fds + 4, O_CLOEXEC)) {
    int failure = errno;
    close_all(fds, 6);
    return failure;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fds[0], 0);
  posix_spawn_file_actions_adddup2(&actions, fds[3], 1);
  posix_spawn_file_actions_adddup2(&actions, fds[5], 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

  char **environment = child_environment();
  int failure = environment
                    ? posix_spawn(&child->pid, executable, &actions, &attributes, argv, environment)
                    : ENOMEM;
  free(environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failure) {
    close_all(fds, 6);
    return failure;
  }
  close(fds[0]);
  close(fds[3]);
  close(fds[5]);
  child->input = fds[1];
  child->output = fds[2];
  child->errors = fds[4];
  fcntl(child->output, F_SETFL, O_NONBLOCK);
  fcntl(child->errors, F_SETFL, O_NONBLOCK);
  return 0;
}

ssize_t gp_send(int descriptor, const void *bytes, size_t count) {
  return send(descriptor, bytes, count, MSG_NOSIGNAL);
}

enum gp_ending gp_wait(pid_t pid, int *value) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    *value = WTERMSIG(status);
    return GP_SIGNAL;
  }
  *value = WEXITSTATUS(status);
  return GP_EXIT;
}

void gp_die_with_parent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
}

int gp_limit_address_space(uint64_t bytes) {
  struct rlimit limit = {.rlim_cur = bytes, .rlim_max = bytes};
  return setrlimit(RLIMIT_AS, &limit) ? errno : 0;
}

void gp_no_core_file(void) {
  struct rlimit limit = {.rlim_cur = 0, .rlim_max = 0};
  setrlimit(RLIMIT_CORE, &limit);
}

static sigset_t interrupts(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

int gp_hold_interrupts(void) {
  sigset_t set = interrupts();
  sigprocmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void gp_release_interrupts(int descriptor) {
  close(descriptor);
  sigset_t set = interrupts();
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int64_t gp_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
