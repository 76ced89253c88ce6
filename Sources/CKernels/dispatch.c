// SPDX-License-Identifier: Apache-2.0
/// Chooses the instruction set and calls its kernels.
#include "kernels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#define ON_X86(ops, scan, dot) ops, scan, dot
#else
#define ON_X86(ops, scan, dot) NULL, NULL, NULL
#endif
#if defined(__aarch64__)
#define ON_ARM(ops, scan, dot) ops, scan, dot
#else
#define ON_ARM(ops, scan, dot) NULL, NULL, NULL
#endif

const assigner_instruction_set assigner_instruction_sets[ASSIGNER_ISA_COUNT] = {
  [ASSIGNER_ISA_SCALAR] = {"scalar", assigner_has_scalar, &assigner_ops_scalar, assigner_pq_scan_scalar,
                           assigner_dot_u4_i16_scalar},
  [ASSIGNER_ISA_AVX2] = {"avx2", assigner_has_avx2,
                         ON_X86(&assigner_ops_avx2, assigner_pq_scan_avx2, assigner_dot_u4_i16_avx2)},
  [ASSIGNER_ISA_NEON] = {"neon", assigner_has_neon,
                         ON_ARM(&assigner_ops_neon, assigner_pq_scan_neon, assigner_dot_u4_i16_neon)},
  // The scans look up and add bytes. Sets that only add multiplications use the scans of an older set.
  [ASSIGNER_ISA_DOTPROD] = {"dotprod", assigner_has_dotprod,
                            ON_ARM(&assigner_ops_dotprod, assigner_pq_scan_neon, assigner_dot_u4_i16_neon)},
  [ASSIGNER_ISA_I8MM] = {"i8mm", assigner_has_i8mm,
                         ON_ARM(&assigner_ops_i8mm, assigner_pq_scan_neon, assigner_dot_u4_i16_neon)},
  [ASSIGNER_ISA_AVX512] = {"avx512", assigner_has_avx512,
                           ON_X86(&assigner_ops_avx512, assigner_pq_scan_avx512, assigner_dot_u4_i16_avx512)},
  [ASSIGNER_ISA_AVXVNNI] = {"avxvnni", assigner_has_avxvnni,
                            ON_X86(&assigner_ops_avxvnni, assigner_pq_scan_avx2, assigner_dot_u4_i16_avx2)},
  [ASSIGNER_ISA_AVX512VNNI] = {"avx512vnni", assigner_has_avx512vnni,
                               ON_X86(&assigner_ops_avx512vnni, assigner_pq_scan_avx512, assigner_dot_u4_i16_avx512)},
  [ASSIGNER_ISA_AMX] = {"amx", assigner_has_amx,
                        ON_X86(&assigner_ops_amx, assigner_pq_scan_avx512, assigner_dot_u4_i16_avx512)},
};

const char *assigner_isa_name(int isa) {
  return isa >= 0 && isa < ASSIGNER_ISA_COUNT ? assigner_instruction_sets[isa].name : NULL;
}

int assigner_isa_present(int isa) {
  return isa >= 0 && isa < ASSIGNER_ISA_COUNT && assigner_instruction_sets[isa].present();
}

/// The set that ASSIGNER_ISA names; ASSIGNER_ISA_COUNT if it names none; -1 or -2 as in `assigner_isa_check`.
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
  // Two threads may both find it unset. Both then store the same value.
  static atomic_int chosen = -1;
  int isa = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (isa < 0) {
    isa = best();
    atomic_store_explicit(&chosen, isa, memory_order_relaxed);
  }
  return isa;
}

const assigner_ops *assigner_ops_for(int isa) {
  return assigner_isa_present(isa) ? assigner_instruction_sets[isa].ops : NULL;
}

const assigner_ops *assigner_ops_active(void) { return assigner_instruction_sets[assigner_isa()].ops; }

void assigner_pq_scan_on(int isa, const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks,
                         uint16_t *sums, uint16_t least, uint32_t *found) {
  assigner_instruction_sets[isa].pq_scan(codes, tables, pairs, blocks, sums, least, found);
}

int32_t assigner_dot_u4_i16_on(int isa, const uint8_t *codes, const int16_t *weights, size_t bytes) {
  return assigner_instruction_sets[isa].dot_u4_i16(codes, weights, bytes);
}

void assigner_pq_scan(const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks, uint16_t *sums,
                      uint16_t least, uint32_t *found) {
  assigner_pq_scan_on(assigner_isa(), codes, tables, pairs, blocks, sums, least, found);
}

int32_t assigner_dot_u4_i16(const uint8_t *codes, const int16_t *weights, size_t bytes) {
  return assigner_dot_u4_i16_on(assigner_isa(), codes, weights, bytes);
}
