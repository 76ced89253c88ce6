// SPDX-License-Identifier: Apache-2.0
/// Which instruction set the kernels run on. Chosen once, on first use; ASSIGNER_ISA=name forces one.
#ifndef ASSIGNER_ISA_H
#define ASSIGNER_ISA_H

/// Instruction sets in order of preference: a later one that is present is taken.
/// A number is never reused, so that kernels of other rooms can switch over it.
enum {
  ASSIGNER_ISA_SCALAR = 0,   ///< Portable C; what the compiler makes of it on the target's baseline.
  ASSIGNER_ISA_AVX2 = 1,     ///< x86-64 with AVX2.
  ASSIGNER_ISA_NEON = 2,     ///< ARMv8.0, every 64-bit ARM.
  ASSIGNER_ISA_DOTPROD = 3,  ///< ARM with dot products of bytes (FEAT_DotProd: Cortex-A55, A75, A76 and later).
  ASSIGNER_ISA_I8MM =
    4,  ///< ARM with products of byte matrices (FEAT_I8MM: ARMv8.6, Neoverse V1, Cortex-A510 and later).
  ASSIGNER_ISA_AVX512 = 5,      ///< x86-64 with AVX-512 F, BW and VL (Skylake-X).
  ASSIGNER_ISA_AVXVNNI = 6,     ///< AVX2 and its dot product of bytes (Alder Lake and later).
  ASSIGNER_ISA_AVX512VNNI = 7,  ///< AVX-512 and its dot product of bytes (Cascade Lake, Ice Lake, Zen 4 and later).
  ASSIGNER_ISA_AMX = 8,  ///< x86-64 with AMX's products of tiles of bytes, and AVX-512 (Sapphire Rapids and later).
  ASSIGNER_ISA_COUNT = 9,
};

/// The chosen instruction set. Thread-safe; one atomic load after the first call.
/// Where ASSIGNER_ISA names one that is absent this is the scalar path; `assigner_isa_check` says so.
int assigner_isa(void);

/// 0 when ASSIGNER_ISA is unset, empty, or names a set that is present; otherwise -1 (unknown name) or
/// -2 (known, but this processor or operating system lacks it). Programs call it once at start and refuse to run.
int assigner_isa_check(void);

/// Whether this processor and this operating system (its saved register state) can run the set. 0 or 1.
int assigner_isa_present(int isa);

/// "scalar", "avx2", …; NULL beyond the list. This is the spelling ASSIGNER_ISA takes.
const char *assigner_isa_name(int isa);

#endif
