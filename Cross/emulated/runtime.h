// SPDX-License-Identifier: Apache-2.0
/// The functions of a C library that `check.c` needs.
#include <stddef.h>
#include <stdint.h>

void *memset(void *to, int byte, size_t count);
void *memcpy(void *to, const void *from, size_t count);
int memcmp(const void *a, const void *b, size_t count);
void print(const char *text);
int check(void);
