// SPDX-License-Identifier: Apache-2.0
/// The C library of a bare processor: the functions that the kernels call, and a start that runs the check and halts. Then
/// `Cross/x86` reads `output` and `failures`.
#include "runtime.h"

char output[4096];
size_t written;
/// -1 until the check has ended.
int64_t failures = -1;

void *memset(void *to, int byte, size_t count) {
  for (volatile char *p = to; count > 0; count--) *p++ = (char)byte;
  return to;
}

void *memcpy(void *to, const void *from, size_t count) {
  volatile char *t = to;
  for (const char *f = from; count > 0; count--) *t++ = *f++;
  return to;
}

int memcmp(const void *a, const void *b, size_t count) {
  const unsigned char *x = a, *y = b;
  for (; count > 0; count--, x++, y++)
    if (*x != *y) return *x - *y;
  return 0;
}

int strcmp(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a - *b;
}

float sqrtf(float x) {
  __asm__("sqrtss %0, %0" : "+x"(x));
  return x;
}

char *getenv(const char *name) { return NULL; }

/// The kernels ask the system for permission to use AMX's tiles. Here it is always given.
long syscall(long number, ...) { return 0; }

void print(const char *text) {
  for (; *text != 0 && written < sizeof output; text++) output[written++] = *text;
}

void _start(void) {
  // Calls need an aligned stack.
  __asm__ volatile("and $-64, %%rsp\n\tcall check\n\tmovslq %%eax, %%rax\n\tmov %%rax, %0"
                   : "=m"(failures)
                   :
                   : "rax", "memory");
  for (;;) __asm__ volatile("hlt");
}
