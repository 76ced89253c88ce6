// SPDX-License-Identifier: Apache-2.0
// How the program was started, and on which processors it may run.

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "assigner_system.h"

static int argument_count;
static char **arguments;

// Swift takes the arguments from /proc/self/cmdline, which may be missing. Before main, they lie where the kernel put
// them: the count, the arguments, NULL, the environment. (glibc passes them to constructors, musl does not.)
__attribute__((constructor)) static void find_arguments(void) {
  extern char **environ;
  if (environ == NULL) return;
  arguments = environ - 1;
  while ((intptr_t)arguments[-1] != argument_count) {
    arguments--;
    argument_count++;
  }
}

const char *assigner_argument(int number) { return number >= 0 && number < argument_count ? arguments[number] : NULL; }

const char *assigner_executable(void) { return (const char *)getauxval(AT_EXECFN); }

int assigner_allowed_processors(void) {
  // Larger than one cpu_set_t, for machines with more than 1024 processors.
  static cpu_set_t set[16];
  if (sched_getaffinity(0, sizeof set, set) != 0) return 0;
  return CPU_COUNT_S(sizeof set, set);
}

int assigner_hold_closed_streams(void) {
  for (int stream = 0; stream < 3; stream++) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // open() returns the lowest free number, which is this stream's.
    if (open("/", O_PATH | O_CLOEXEC) < 0) return -1;
  }
  return 0;
}
