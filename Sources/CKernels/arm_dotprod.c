/// ARM's dot product: sixteen byte products and their sums in 32 bits by one instruction, exact for any bytes.
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "float_vector.h"

INLINE int32x4_t add_products(int32x4_t total, int8x16_t a, int8x16_t weight) { return vdotq_s32(total, a, weight); }

#include "arm_gemm.h"

static void gemm_i8(const int8_t *a, const int8_t *b, int32_t *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                    ptrdiff_t ldc) {
  gemm_tiles(a, b, c, m, n, k, ldc);
}

#include "float_ops.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_dotprod = OPS_TABLE;
#endif
