/// NEON as every 64-bit ARM has it. Two byte products are added in 16 bits before they are widened: at most
/// 2 × 127 × 128 = 32512, so nothing saturates or wraps (weights may be anything, -128 too; activations are within ±127).
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include "float_vector.h"

INLINE int32x4_t add_products(int32x4_t total, int8x16_t a, int8x16_t weight) {
  int16x8_t pairs = vmull_s8(vget_low_s8(a), vget_low_s8(weight));
  return vpadalq_s16(total, vmlal_high_s8(pairs, a, weight));
}

#include "arm_gemm.h"

static void gemm_i8(const int8_t *a, const int8_t *b, int32_t *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                    ptrdiff_t ldc) {
  gemm_tiles(a, b, c, m, n, k, ldc);
}

#include "float_ops.h"

const assigner_ops assigner_ops_neon = OPS_TABLE;
#endif
