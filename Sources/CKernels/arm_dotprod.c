// SPDX-License-Identifier: Apache-2.0
/// ARM's dot product instruction: sixteen byte products and their sums in 32 bits, exact for any bytes.
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "float_vector.h"

enum { TILE_ROWS = 8 };

/// Adds the products of one chunk, number `lane` of the four in each row's register.
#define ADD_CHUNK(lane)                                                                             \
  {                                                                                                 \
    const int8x16_t low = vld1q_s8(panel + lane * size), high = vld1q_s8(panel + lane * size + 16); \
    for (int r = 0; r < rows; r++) {                                                                \
      total[r][0] = vdotq_laneq_s32(total[r][0], low, a[r], lane);                                  \
      total[r][1] = vdotq_laneq_s32(total[r][1], high, a[r], lane);                                 \
    }                                                                                               \
  }

/// Takes four chunks at a time: a row's sixteen inputs are one register, and the instruction repeats the lane that it
/// multiplies.
INLINE void tile(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, int32_t *sums,
                 const int rows) {
  const ptrdiff_t size = ASSIGNER_PANEL * ASSIGNER_CHUNK;
  int32x4_t total[TILE_ROWS][2];
  int8x16_t a[TILE_ROWS];
  for (int r = 0; r < rows; r++) total[r][0] = total[r][1] = vdupq_n_s32(0);
  for (; chunks > 0; chunks -= 4, panel += 4 * size, x += 4 * ASSIGNER_CHUNK) {
    for (int r = 0; r < rows; r++) a[r] = vld1q_s8(x + r * stride);
    ADD_CHUNK(0);
    if (chunks < 4) {
      if (chunks > 1) ADD_CHUNK(1);
      if (chunks > 2) ADD_CHUNK(2);
      break;
    }
    ADD_CHUNK(1);
    ADD_CHUNK(2);
    ADD_CHUNK(3);
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
