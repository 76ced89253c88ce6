// SPDX-License-Identifier: Apache-2.0
// Signal handlers. They call only what signal-safety(7) allows.

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "assigner_system.h"

enum { most_maps = 256, most_files = 16, longest_path = 4096 };

// Written under the lock. The handlers only read.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct map {
  _Atomic(const char *) address;
  size_t size;
  struct stat state;
  char path[longest_path];
} maps[most_maps];

static struct file {
  atomic_int is_there;
  char path[longest_path];
} files[most_files];

static const char *name = "assigner";
static atomic_int stop_descriptor = -1;
static atomic_int is_stopping;
static struct sigaction former[64];

static void remove_files(void) {
  for (int i = 0; i < most_files; i++) {
    if (atomic_load(&files[i].is_there)) unlink(files[i].path);
  }
}

static void end(int number) {
  int code = errno;
  if (number != SIGHUP && atomic_load(&stop_descriptor) >= 0 && !atomic_exchange(&is_stopping, 1)) {
    uint64_t one = 1;
    ssize_t count = write(atomic_load(&stop_descriptor), &one, sizeof one);
    (void)count;
  } else {
    remove_files();
    // The signal is delivered when this handler returns. The parent process then sees which signal ended the program.
    signal(number, SIG_DFL);
    raise(number);
  }
  errno = code;
}

static void say(const char *text) {
  ssize_t count = write(STDERR_FILENO, text, strlen(text));
  (void)count;
}

// Whether a mapped file was overwritten in place: the same name and inode, but another size or time.
static int is_changed(const struct map *map) {
  struct stat now;
  if (stat(map->path, &now) != 0 || now.st_dev != map->state.st_dev || now.st_ino != map->state.st_ino) return 0;
  return now.st_size != map->state.st_size || now.st_mtim.tv_sec != map->state.st_mtim.tv_sec ||
         now.st_mtim.tv_nsec != map->state.st_mtim.tv_nsec;
}

static void fault(int number, siginfo_t *info, void *context) {
  (void)context;
  const char *place = info->si_addr;
  for (int i = 0; i < most_maps; i++) {
    const char *address = atomic_load(&maps[i].address);
    if (address == NULL) continue;
    int is_inside = number == SIGBUS && place >= address && place < address + maps[i].size;
    if (!is_inside && !is_changed(&maps[i])) continue;
    static atomic_flag is_said = ATOMIC_FLAG_INIT;
    // Another thread reports the fault already, and ends the program.
    while (atomic_flag_test_and_set(&is_said)) pause();
    remove_files();
    say(name);
    say(": error: ");
    say(maps[i].path);
    say(is_changed(&maps[i]) ? ": was overwritten while in use: replace the file (mv), never write into it (cp)\n"
                             : ": can no longer be read: check the system's log and the device\n");
    _exit(74);
  }
  // The fault has nothing to do with a mapped file: leave it to the former handler.
  sigaction(number, &former[number], NULL);
  if (number == SIGTRAP || info->si_code <= 0) raise(number);
}

static void take(int number, void (*handler)(int), void (*long_handler)(int, siginfo_t *, void *)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigaction(number, NULL, &former[number]);
  if (former[number].sa_handler == SIG_IGN) return;
  action.sa_flags = SA_RESTART;
  if (long_handler) {
    action.sa_sigaction = long_handler;
    action.sa_flags |= SA_SIGINFO;
  } else {
    action.sa_handler = handler;
  }
  sigaction(number, &action, NULL);
  // A program inherits blocked signals from the thread that started it. Unblock this one.
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void assigner_take_signals(const char *program) {
  name = program;
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  const int ends[] = {SIGINT, SIGTERM, SIGHUP}, faults[] = {SIGBUS, SIGSEGV, SIGILL, SIGTRAP};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) take(ends[i], end, NULL);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) take(faults[i], NULL, fault);
}

int assigner_ask_before_stopping(void) {
  int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor >= 0) atomic_store(&stop_descriptor, descriptor);
  return descriptor;
}

int assigner_is_stopping(void) { return atomic_load(&is_stopping); }

int assigner_remove_on_end(const char *path) {
  int number = -1;
  if (strlen(path) >= longest_path) return number;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < most_files && number < 0; i++) {
    if (atomic_load(&files[i].is_there)) continue;
    strcpy(files[i].path, path);
    atomic_store(&files[i].is_there, 1);
    number = i;
  }
  pthread_mutex_unlock(&lock);
  return number;
}

void assigner_keep(int number) {
  if (number >= 0) atomic_store(&files[number].is_there, 0);
}

void assigner_add_map(const void *address, size_t size, const char *path, const struct stat *state) {
  if (strlen(path) >= longest_path) return;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < most_maps; i++) {
    if (atomic_load(&maps[i].address)) continue;
    maps[i].size = size;
    maps[i].state = *state;
    strcpy(maps[i].path, path);
    atomic_store(&maps[i].address, (const char *)address);
    break;
  }
  pthread_mutex_unlock(&lock);
}

void assigner_remove_map(const void *address) {
  pthread_mutex_lock(&lock);
  for (int i = 0; i < most_maps; i++) {
    if (atomic_load(&maps[i].address) == address) atomic_store(&maps[i].address, NULL);
  }
  pthread_mutex_unlock(&lock);
}
