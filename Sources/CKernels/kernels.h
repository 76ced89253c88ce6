// SPDX-License-Identifier: Apache-2.0
/// What each instruction set's file defines, and the list of the sets. No vector type is passed between files.
#ifndef KERNELS_H
#define KERNELS_H

#include "CKernels.h"

typedef void assigner_pq_scan_kernel(const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks,
                                     uint16_t *sums, uint16_t least, uint32_t *found);

/// One instruction set. To add one, write its number in `assigner_isa.h`, its check in `processor.c`, its file of
/// kernels, and its line in `dispatch.c`.
typedef struct {
  const char *name;         ///< the name that ASSIGNER_ISA takes
  int (*present)(void);     ///< whether this processor and this operating system can run it
  const assigner_ops *ops;  ///< NULL, like all below, if the target cannot have the set
  assigner_pq_scan_kernel *pq_scan;
  int32_t (*dot_u4_i16)(const uint8_t *codes, const int16_t *weights, size_t bytes);
} assigner_instruction_set;

/// Indexed by number; ASSIGNER_ISA_COUNT of them.
extern const assigner_instruction_set assigner_instruction_sets[];

int assigner_has_scalar(void);
int assigner_has_avx2(void);
int assigner_has_avxvnni(void);
int assigner_has_avx512(void);
int assigner_has_avx512vnni(void);
int assigner_has_amx(void);
int assigner_has_neon(void);
int assigner_has_dotprod(void);
int assigner_has_i8mm(void);

extern const assigner_ops assigner_ops_scalar;
assigner_pq_scan_kernel assigner_pq_scan_scalar;
int32_t assigner_dot_u4_i16_scalar(const uint8_t *codes, const int16_t *weights, size_t bytes);

#if defined(__x86_64__)
extern const assigner_ops assigner_ops_avx2, assigner_ops_avxvnni, assigner_ops_avx512, assigner_ops_avx512vnni,
  assigner_ops_amx;
assigner_pq_scan_kernel assigner_pq_scan_avx2, assigner_pq_scan_avx512;
int32_t assigner_dot_u4_i16_avx2(const uint8_t *codes, const int16_t *weights, size_t bytes);
int32_t assigner_dot_u4_i16_avx512(const uint8_t *codes, const int16_t *weights, size_t bytes);
#endif

#if defined(__aarch64__)
extern const assigner_ops assigner_ops_neon, assigner_ops_dotprod, assigner_ops_i8mm;
assigner_pq_scan_kernel assigner_pq_scan_neon;
int32_t assigner_dot_u4_i16_neon(const uint8_t *codes, const int16_t *weights, size_t bytes);
#endif

#endif
