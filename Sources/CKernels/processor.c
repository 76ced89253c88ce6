/// What this processor can do. Compiled for the baseline only, so that asking can never run an instruction that is absent.
#include "kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

int assigner_has_scalar(void) { return 1; }

#if defined(__x86_64__)
/// AVX2 needs the CPUID bit and an operating system that saves the upper halves of the registers (XCR0 bits 1, 2).
int assigner_has_avx2(void) {
  unsigned eax, ebx, ecx, edx;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return 0;
  const unsigned osxsave_and_avx = (1u << 27) | (1u << 28);
  if ((ecx & osxsave_and_avx) != osxsave_and_avx) return 0;
  unsigned xcr0_low, xcr0_high;
  __asm__ volatile("xgetbv" : "=a"(xcr0_low), "=d"(xcr0_high) : "c"(0));
  if ((xcr0_low & 0x6) != 0x6) return 0;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return 0;
  return (ebx >> 5) & 1;
}
#else
int assigner_has_avx2(void) { return 0; }
#endif

#if defined(__aarch64__)
/// Part of the architecture from ARMv8.0 on.
int assigner_has_neon(void) { return 1; }
#else
int assigner_has_neon(void) { return 0; }
#endif

#if defined(__aarch64__) && defined(__linux__)
/// The kernel reports what it lets programs use.
int assigner_has_dotprod(void) { return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0; }
/// Its kernels take the borders of a matrix by dot products.
int assigner_has_i8mm(void) { return (getauxval(AT_HWCAP2) & HWCAP2_I8MM) != 0 && assigner_has_dotprod(); }
#else
int assigner_has_dotprod(void) { return 0; }
int assigner_has_i8mm(void) { return 0; }
#endif
