// SPDX-License-Identifier: Apache-2.0
/// The instruction set that the kernels use. It is chosen once, on first use; ASSIGNER_ISA=name forces one.
#ifndef ASSIGNER_ISA_H
#define ASSIGNER_ISA_H

/// Instruction sets in order of preference: the last one that is present is used. A number is never reused, so that
/// code elsewhere can switch over it.
enum {
  ASSIGNER_ISA_SCALAR = 0,   ///< Portable C, compiled for the target's baseline.
  ASSIGNER_ISA_AVX2 = 1,     ///< x86-64 with AVX2.
  ASSIGNER_ISA_NEON = 2,     ///< ARMv8.0, every 64-bit ARM.
  ASSIGNER_ISA_DOTPROD = 3,  ///< ARM with byte dot products (FEAT_DotProd: Cortex-A55, A75, A76 and later).
  ASSIGNER_ISA_I8MM = 4,    ///< ARM with byte matrix products (FEAT_I8MM: ARMv8.6, Neoverse V1, Cortex-A510 and later).
  ASSIGNER_ISA_AVX512 = 5,  ///< x86-64 with AVX-512 F, BW and VL (Skylake-X).
  ASSIGNER_ISA_AVXVNNI = 6,     ///< AVX2 with a byte dot product (Alder Lake and later).
  ASSIGNER_ISA_AVX512VNNI = 7,  ///< AVX-512 with a byte dot product (Cascade Lake, Ice Lake, Zen 4 and later).
  ASSIGNER_ISA_AMX = 8,         ///< x86-64 with AMX byte tile products and AVX-512 (Sapphire Rapids and later).
  ASSIGNER_ISA_COUNT = 9,
};

/// The chosen instruction set. Thread-safe; one atomic load after the first call. If ASSIGNER_ISA names an absent set,
/// this is the scalar one, and `assigner_isa_check` reports it.
int assigner_isa(void);

/// 0 if ASSIGNER_ISA is unset, empty, or names a set that is present; otherwise -1 (unknown name) or -2 (known, but
/// this processor or operating system lacks it). Programs call it once at the start and refuse to run.
int assigner_isa_check(void);

/// Whether this processor can run the set and the operating system saves its registers. 0 or 1.
int assigner_isa_present(int isa);

/// The name that ASSIGNER_ISA takes: "scalar", "avx2", …; NULL beyond the list.
const char *assigner_isa_name(int isa);

#endif
