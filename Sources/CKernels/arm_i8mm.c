/// ARM's product of byte matrices, 2 × 8 by 8 × 2: twice the products of a dot product's instruction, exact for any bytes.
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)
#include "float_vector.h"

INLINE int32x4_t add_products(int32x4_t total, int8x16_t a, int8x16_t weight) { return vdotq_s32(total, a, weight); }

#include "arm_gemm.h"

/// The first or the second eight bytes of two rows, one row after the other.
INLINE int8x16_t first_halves(int8x16_t x, int8x16_t y) {
  return vreinterpretq_s8_s64(vtrn1q_s64(vreinterpretq_s64_s8(x), vreinterpretq_s64_s8(y)));
}
INLINE int8x16_t second_halves(int8x16_t x, int8x16_t y) {
  return vreinterpretq_s8_s64(vtrn2q_s64(vreinterpretq_s64_s8(x), vreinterpretq_s64_s8(y)));
}

/// 4 × 4 dot products. `total[r][j]` holds those of rows 2r, 2r + 1 and columns 2j, 2j + 1, row by row.
INLINE void square(const int8_t *a, const int8_t *b, int32_t *c, ptrdiff_t k, ptrdiff_t ldc) {
  int32x4_t total[2][2] = {{vdupq_n_s32(0), vdupq_n_s32(0)}, {vdupq_n_s32(0), vdupq_n_s32(0)}};
  for (ptrdiff_t p = 0; p < k; p += 16) {
    const ptrdiff_t left = k - p;
    int8x16_t row[4], weight[4];
    for (int i = 0; i < 4; i++) {
      row[i] = left >= 16 ? bytes(a + i * k + p) : some_bytes(a + i * k + p, left);
      weight[i] = left >= 16 ? bytes(b + i * k + p) : some_bytes(b + i * k + p, left);
    }
    for (int r = 0; r < 2; r++) {
      for (int j = 0; j < 2; j++) {
        total[r][j] = vmmlaq_s32(total[r][j], first_halves(row[2 * r], row[2 * r + 1]),
                                 first_halves(weight[2 * j], weight[2 * j + 1]));
        total[r][j] = vmmlaq_s32(total[r][j], second_halves(row[2 * r], row[2 * r + 1]),
                                 second_halves(weight[2 * j], weight[2 * j + 1]));
      }
    }
  }
  for (int r = 0; r < 2; r++) {
    vst1q_s32(c + 2 * r * ldc, vcombine_s32(vget_low_s32(total[r][0]), vget_low_s32(total[r][1])));
    vst1q_s32(c + (2 * r + 1) * ldc, vcombine_s32(vget_high_s32(total[r][0]), vget_high_s32(total[r][1])));
  }
}

/// Whole squares; what is left beside and below them by dot products.
static void gemm_i8(const int8_t *a, const int8_t *b, int32_t *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                    ptrdiff_t ldc) {
  const ptrdiff_t rows = m / 4 * 4, columns = n / 4 * 4;
  for (ptrdiff_t i = 0; i < rows; i += 4)
    for (ptrdiff_t j = 0; j < columns; j += 4) square(a + i * k, b + j * k, c + i * ldc + j, k, ldc);
  gemm_tiles(a, b + columns * k, c + columns, rows, n - columns, k, ldc);
  gemm_tiles(a + rows * k, b, c + rows * ldc, m - rows, n, k, ldc);
}

#include "float_ops.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_i8mm = OPS_TABLE;
#endif
