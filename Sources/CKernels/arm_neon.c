// SPDX-License-Identifier: Apache-2.0
/// NEON as every 64-bit ARM has it. Products of two chunks are added in 16 bits before they are widened. Such a sum is
/// at most 2 × 127 × 128 = 32512, so nothing saturates or wraps (weights are -128…127, activations ±127).
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include "float_vector.h"

enum { TILE_ROWS = 4 };

/// Each sum is spread over two lanes until the end.
INLINE void tile(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, int32_t *sums,
                 const int rows) {
  const ptrdiff_t size = ASSIGNER_PANEL * ASSIGNER_CHUNK;
  int32x4_t total[TILE_ROWS][4];
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < 4; j++) total[r][j] = vdupq_n_s32(0);
  for (ptrdiff_t p = 0; p < chunks; p += 2, panel += 2 * size, x += 2 * ASSIGNER_CHUNK) {
    int8x16_t first[2], second[2];
    for (int j = 0; j < 2; j++) {
      first[j] = vld1q_s8(panel + 16 * j);
      // If the number of chunks is odd, there may be no memory after the last one.
      second[j] = p + 1 < chunks ? vld1q_s8(panel + size + 16 * j) : vdupq_n_s8(0);
    }
    for (int r = 0; r < rows; r++) {
      // Two chunks, each duplicated.
      const int32x2_t a = vreinterpret_s32_s8(vld1_s8(x + r * stride));
      const int8x8_t a0 = vreinterpret_s8_s32(vdup_lane_s32(a, 0)), a1 = vreinterpret_s8_s32(vdup_lane_s32(a, 1));
      for (int j = 0; j < 2; j++) {
        const int16x8_t low = vmlal_s8(vmull_s8(a0, vget_low_s8(first[j])), a1, vget_low_s8(second[j]));
        const int16x8_t high = vmlal_s8(vmull_s8(a0, vget_high_s8(first[j])), a1, vget_high_s8(second[j]));
        total[r][2 * j] = vpadalq_s16(total[r][2 * j], low);
        total[r][2 * j + 1] = vpadalq_s16(total[r][2 * j + 1], high);
      }
    }
  }
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < 2; j++)
      vst1q_s32(sums + r * ASSIGNER_PANEL + 4 * j, vpaddq_s32(total[r][2 * j], total[r][2 * j + 1]));
}

#include "arm_panel.h"
#include "float_ops.h"
#include "linear_i8.h"

const assigner_ops assigner_ops_neon = OPS_TABLE;
#endif
