// SPDX-License-Identifier: Apache-2.0
// What Swift cannot do for itself: the arguments of main without /proc, and signal handlers, which may touch nothing that
// Swift counts or allocates.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/// One of the arguments that main gets, 0 is the program's name; NULL behind the last.
const char *assigner_argument(int number);

/// The path by which the program was started, as the kernel was told it; NULL where it says nothing.
const char *assigner_executable(void);

/// Processors that this process may run on; 0 where the system does not say.
int assigner_allowed_processors(void);

/// Puts something that can be neither read nor written in the place of every closed one of the descriptors 0, 1 and 2, so
/// that no file gets its number. Returns 0, or -1 with errno.
int assigner_hold_closed_streams(void);

/// Ignores SIGPIPE and SIGXFSZ (a write then fails) and takes in hand
/// - SIGINT, SIGTERM and SIGHUP, unless the caller had them ignored: they remove temporary files and end the program;
/// - SIGBUS, SIGSEGV, SIGILL and SIGTRAP: where a mapped file was changed in place, they say so and exit with 74.
void assigner_take_signals(const char *program);

/// From now on the first SIGINT or SIGTERM makes a descriptor readable and nothing else; the second ends the program.
/// Returns the descriptor, or -1 with errno.
int assigner_ask_before_stopping(void);

/// Whether such a first signal has come.
int assigner_is_stopping(void);

/// Removes a file if the program is ended by a signal. Returns a number for `assigner_keep`, -1 where there are too many or
/// the path is too long.
int assigner_remove_on_end(const char *path);
void assigner_keep(int number);

/// A map of a file, which had this state when it was mapped.
void assigner_add_map(const void *address, size_t size, const char *path, const struct stat *state);
void assigner_remove_map(const void *address);
