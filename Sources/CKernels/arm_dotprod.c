// SPDX-License-Identifier: Apache-2.0
/// ARM's dot product instruction: sixteen byte products and their sums in 32 bits, exact for any bytes.
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "float_vector.h"

enum { TILE_ROWS = 8 };

INLINE void tile(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, int32_t *sums,
                 const int rows) {
  int32x4_t total[TILE_ROWS][2];
  for (int r = 0; r < rows; r++) total[r][0] = total[r][1] = vdupq_n_s32(0);
  for (ptrdiff_t p = 0; p < chunks; p++, panel += ASSIGNER_PANEL * ASSIGNER_CHUNK, x += ASSIGNER_CHUNK) {
    const int8x16_t low = vld1q_s8(panel), high = vld1q_s8(panel + 16);
    for (int r = 0; r < rows; r++) {
      int32_t four;
      memcpy(&four, x + r * stride, sizeof four);
      const int8x16_t a = vreinterpretq_s8_s32(vdupq_n_s32(four));
      total[r][0] = vdotq_s32(total[r][0], low, a);
      total[r][1] = vdotq_s32(total[r][1], high, a);
    }
  }
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < 2; j++) vst1q_s32(sums + r * ASSIGNER_PANEL + 4 * j, total[r][j]);
}

#include "arm_panel.h"
#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_dotprod = OPS_TABLE;
#endif
