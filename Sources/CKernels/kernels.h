/// The tables that the instruction sets' files define; a set that this target cannot have has no table.
#ifndef KERNELS_H
#define KERNELS_H

#include "CKernels.h"

extern const assigner_ops assigner_ops_scalar;
#if defined(__x86_64__)
extern const assigner_ops assigner_ops_avx2;
#endif

#endif
