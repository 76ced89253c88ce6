// SPDX-License-Identifier: Apache-2.0
// What Swift cannot do: find main's arguments without /proc, and handle signals. A signal handler must not touch
// anything that Swift allocates or counts references of.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/// An argument of main; 0 is the program's name. NULL after the last one.
const char *assigner_argument(int number);

/// The path by which the program was started, as the kernel knows it; NULL if unknown.
const char *assigner_executable(void);

/// The number of processors that this process may run on; 0 if the system does not tell.
int assigner_allowed_processors(void);

/// Opens a placeholder, which can be neither read nor written, for each of the descriptors 0, 1 and 2 that is closed.
/// Thus no file gets its number. Returns 0, or -1 with errno.
int assigner_hold_closed_streams(void);

/// Ignores SIGPIPE and SIGXFSZ, so that a write fails instead, and handles
/// - SIGINT, SIGTERM and SIGHUP, unless the caller ignored them: removes temporary files and ends the program;
/// - SIGBUS, SIGSEGV, SIGILL and SIGTRAP: if a mapped file was changed in place, reports it and exits with 74.
void assigner_take_signals(const char *program);

/// From now on the first SIGINT or SIGTERM only makes a descriptor readable; the second one ends the program. Returns
/// the descriptor, or -1 with errno.
int assigner_ask_before_stopping(void);

/// Whether the first SIGINT or SIGTERM has come.
int assigner_is_stopping(void);

/// Removes a file if a signal ends the program. Returns a number for `assigner_keep`, or -1 if there are too many files
/// or the path is too long.
int assigner_remove_on_end(const char *path);
void assigner_keep(int number);

/// Registers a memory map of a file, with the file's state at that time.
void assigner_add_map(const void *address, size_t size, const char *path, const struct stat *state);
void assigner_remove_map(const void *address);
