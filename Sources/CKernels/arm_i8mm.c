// SPDX-License-Identifier: Apache-2.0
/// ARM's byte matrix product, 2 × 8 by 8 × 2: twice the products of the dot product instruction, exact for any bytes.
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)
#include "float_vector.h"

enum { TILE_ROWS = 8 };

/// Rows and outputs go in pairs: `total[r][j]` holds the sums of rows 2r, 2r + 1 and outputs 2j, 2j + 1 in row-major
/// order. Two chunks are multiplied at a time; zipping brings the two halves of an output together. If the number of
/// rows is odd, the last row is multiplied twice.
INLINE void tile(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, int32_t *sums,
                 const int rows) {
  const ptrdiff_t size = ASSIGNER_PANEL * ASSIGNER_CHUNK;
  const int pairs = (rows + 1) / 2;
  int32x4_t total[TILE_ROWS / 2][4];
  for (int r = 0; r < pairs; r++)
    for (int j = 0; j < 4; j++) total[r][j] = vdupq_n_s32(0);
  for (ptrdiff_t p = 0; p < chunks; p += 2, panel += 2 * size, x += 2 * ASSIGNER_CHUNK) {
    int8x16_t weight[4];
    for (int j = 0; j < 2; j++) {
      const int32x4_t first = vreinterpretq_s32_s8(vld1q_s8(panel + 16 * j));
      // If the number of chunks is odd, there may be no memory after the last one.
      const int32x4_t second = p + 1 < chunks ? vreinterpretq_s32_s8(vld1q_s8(panel + size + 16 * j)) : vdupq_n_s32(0);
      weight[2 * j] = vreinterpretq_s8_s32(vzip1q_s32(first, second));
      weight[2 * j + 1] = vreinterpretq_s8_s32(vzip2q_s32(first, second));
    }
    for (int r = 0; r < pairs; r++) {
      const int next = 2 * r + 1 < rows ? 2 * r + 1 : 2 * r;
      const int8x16_t a = vcombine_s8(vld1_s8(x + 2 * r * stride), vld1_s8(x + next * stride));
      for (int j = 0; j < 4; j++) total[r][j] = vmmlaq_s32(total[r][j], a, weight[j]);
    }
  }
  for (int r = 0; r < pairs; r++) {
    for (int j = 0; j < 4; j += 2) {
      int32_t *first = sums + 2 * r * ASSIGNER_PANEL + 2 * j;
      vst1q_s32(first, vcombine_s32(vget_low_s32(total[r][j]), vget_low_s32(total[r][j + 1])));
      if (2 * r + 1 < rows)
        vst1q_s32(first + ASSIGNER_PANEL, vcombine_s32(vget_high_s32(total[r][j]), vget_high_s32(total[r][j + 1])));
    }
  }
}

#include "arm_panel.h"
#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_i8mm = OPS_TABLE;
#endif
