/// Chooses the instruction set and forwards to its kernels. Compiled for the baseline only, so that
/// asking the question can never run an instruction that is absent.
#include "kernels.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

/// AVX2 needs the CPUID bit and an operating system that saves the upper halves of the registers (XCR0 bits 1, 2).
static int has_avx2(void) {
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
static int has_avx2(void) { return 0; }
#endif

const char *assigner_isa_name(int isa) {
  switch (isa) {
    case ASSIGNER_ISA_SCALAR: return "scalar";
    case ASSIGNER_ISA_AVX2: return "avx2";
    default: return NULL;
  }
}

int assigner_isa_present(int isa) {
  switch (isa) {
    case ASSIGNER_ISA_SCALAR: return 1;
    case ASSIGNER_ISA_AVX2: return has_avx2();
    default: return 0;
  }
}

/// The set that ASSIGNER_ISA asks for, ASSIGNER_ISA_COUNT where it asks for none, or -1, -2 as `assigner_isa_check`.
static int forced(void) {
  const char *name = getenv("ASSIGNER_ISA");
  if (name == NULL || name[0] == 0) return ASSIGNER_ISA_COUNT;
  for (int isa = 0; isa < ASSIGNER_ISA_COUNT; isa++) {
    if (strcmp(name, assigner_isa_name(isa)) == 0) return assigner_isa_present(isa) ? isa : -2;
  }
  return -1;
}

int assigner_isa_check(void) {
  int isa = forced();
  return isa < 0 ? isa : 0;
}

static int best(void) {
  int isa = forced();
  if (isa < 0) return ASSIGNER_ISA_SCALAR;
  if (isa < ASSIGNER_ISA_COUNT) return isa;
  for (isa = ASSIGNER_ISA_COUNT - 1; isa > ASSIGNER_ISA_SCALAR; isa--) {
    if (assigner_isa_present(isa)) return isa;
  }
  return ASSIGNER_ISA_SCALAR;
}

int assigner_isa(void) {
  // Two threads may both find it unset; both then store the same answer.
  static atomic_int chosen = -1;
  int isa = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (isa < 0) {
    isa = best();
    atomic_store_explicit(&chosen, isa, memory_order_relaxed);
  }
  return isa;
}

const assigner_ops *assigner_ops_for(int isa) {
  if (!assigner_isa_present(isa)) return NULL;
  switch (isa) {
    case ASSIGNER_ISA_SCALAR: return &assigner_ops_scalar;
#if defined(__x86_64__)
    case ASSIGNER_ISA_AVX2: return &assigner_ops_avx2;
#endif
    default: return NULL;
  }
}

const assigner_ops *assigner_ops_active(void) {
#if defined(__x86_64__)
  if (assigner_isa() == ASSIGNER_ISA_AVX2) return &assigner_ops_avx2;
#endif
  return &assigner_ops_scalar;
}
