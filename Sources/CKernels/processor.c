// SPDX-License-Identifier: Apache-2.0
/// What this processor can do. Compiled for the baseline only, so that the check itself never runs an absent
/// instruction.
#include "kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

int assigner_has_scalar(void) { return 1; }

#if defined(__x86_64__)
/// The bits of CPUID leaf 7, and the state that the operating system saves.
typedef struct {
  unsigned ebx, ecx, edx;  ///< subleaf 0
  unsigned eax1;           ///< subleaf 1, or 0 if absent
  unsigned saved;          ///< XCR0: the registers that the operating system saves
} features;

static features ask(void) {
  features f = {0};
  unsigned eax, ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return f;
  const unsigned osxsave_and_avx = (1u << 27) | (1u << 28);
  if ((ecx & osxsave_and_avx) != osxsave_and_avx) return f;
  unsigned high;
  __asm__ volatile("xgetbv" : "=a"(f.saved), "=d"(high) : "c"(0));
  unsigned subleaves;
  if (!__get_cpuid_count(7, 0, &subleaves, &f.ebx, &f.ecx, &f.edx)) return f;
  if (subleaves >= 1) __cpuid_count(7, 1, f.eax1, ebx, ecx, edx);
  return f;
}

/// AVX2 needs its CPUID bit, and an operating system that saves the upper register halves (XCR0 bits 1, 2).
static int has_avx2(features f) { return (f.saved & 0x06) == 0x06 && (f.ebx >> 5) & 1; }

/// AVX-512 F, BW and VL. The system must also save masks, the upper halves of registers 0 to 15, and registers 16 to 31
/// (bits 5, 6, 7).
static int has_avx512(features f) {
  const unsigned f_bw_vl = (1u << 16) | (1u << 30) | (1u << 31);
  return (f.saved & 0xe6) == 0xe6 && (f.ebx & f_bw_vl) == f_bw_vl && has_avx2(f);
}

int assigner_has_avx2(void) { return has_avx2(ask()); }
int assigner_has_avx512(void) { return has_avx512(ask()); }
int assigner_has_avxvnni(void) {
  features f = ask();
  return has_avx2(f) && (f.eax1 >> 4) & 1;
}
int assigner_has_avx512vnni(void) {
  features f = ask();
  return has_avx512(f) && (f.ecx >> 11) & 1;
}

/// Linux saves a process's tiles (8 KiB) only after the process has asked for it (arch_prctl(2)).
static int may_use_tiles(void) {
  const long request_permission = 0x1023, tile_data = 18;
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

/// AMX tiles and their byte products. The system must save the tiles and their shapes (bits 17, 18).
int assigner_has_amx(void) {
  features f = ask();
  const unsigned tiles_and_int8 = (1u << 24) | (1u << 25), saved = (1u << 17) | (1u << 18);
  return has_avx512(f) && (f.edx & tiles_and_int8) == tiles_and_int8 && (f.saved & saved) == saved && may_use_tiles();
}
#else
int assigner_has_avx2(void) { return 0; }
int assigner_has_avx512(void) { return 0; }
int assigner_has_avxvnni(void) { return 0; }
int assigner_has_avx512vnni(void) { return 0; }
int assigner_has_amx(void) { return 0; }
#endif

#if defined(__aarch64__)
/// Part of the architecture from ARMv8.0 on.
int assigner_has_neon(void) { return 1; }
#else
int assigner_has_neon(void) { return 0; }
#endif

#if defined(__aarch64__) && defined(__linux__)
/// The kernel reports what programs may use.
int assigner_has_dotprod(void) { return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0; }
/// The i8mm kernels are compiled with dot products, too.
int assigner_has_i8mm(void) { return (getauxval(AT_HWCAP2) & HWCAP2_I8MM) != 0 && assigner_has_dotprod(); }
#else
int assigner_has_dotprod(void) { return 0; }
int assigner_has_i8mm(void) { return 0; }
#endif
