// SPDX-License-Identifier: Apache-2.0

#pragma once

/// Blocks of memory that this thread has asked the C library for so far, whatever became of them. Swift's objects and
/// arrays are such blocks, too. -1 with a C library whose functions cannot be stood in for (only glibc's can).
long assigner_allocations(void);
