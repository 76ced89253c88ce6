// SPDX-License-Identifier: Apache-2.0
/// The portable path. It defines the results of every other path.
#include "kernels.h"
#include "float_vector.h"

/// Adds one lane after the other, so that the compiler can use as many lanes as the target has.
static void panel_i8(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, ptrdiff_t rows,
                     int32_t *sums, ptrdiff_t panels) {
  for (ptrdiff_t i = 0; i < rows; i++, x += stride, sums += ASSIGNER_PANEL) {
    int32_t total[ASSIGNER_PANEL] = {0};
    for (ptrdiff_t p = 0; p < chunks; p++) {
      const int8_t *a = x + p * ASSIGNER_CHUNK, *w = panel + p * ASSIGNER_PANEL * ASSIGNER_CHUNK;
      for (int j = 0; j < ASSIGNER_PANEL; j++)
        for (int d = 0; d < ASSIGNER_CHUNK; d++) total[j] += (int32_t)a[d] * w[j * ASSIGNER_CHUNK + d];
    }
    memcpy(sums, total, sizeof total);
  }
}

#include "float_ops.h"
#include "linear_i8.h"

const assigner_ops assigner_ops_scalar = OPS_TABLE;
