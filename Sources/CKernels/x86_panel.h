// SPDX-License-Identifier: Apache-2.0
/// A panel's sums in registers of 32 or 64 bytes, for every x86 instruction set. The including file has defined
///
///     vector                        a register
///     weights                       what one register of the panel is turned into before it is multiplied
///     TILE_ROWS                     rows whose sums fit the registers
///     CHAINS                        additions under way at once that keep the multipliers busy
///     weights_of(panel)             the next register of weights
///     four_inputs(x)                four inputs of a row, in every 32-bit lane
///     add_products(sums, w, a)      sums + the four products of each lane
///     add, zero, store              as their names say
#define REGISTERS ((int)(ASSIGNER_PANEL * ASSIGNER_CHUNK / sizeof(vector)))

INLINE void add_chunk(vector *total, const int8_t *x, ptrdiff_t stride, const int8_t *panel, const int rows) {
  weights w[REGISTERS];
  for (int j = 0; j < REGISTERS; j++) w[j] = weights_of(panel + j * sizeof(vector));
  for (int r = 0; r < rows; r++) {
    const vector a = four_inputs(x + r * stride);
    for (int j = 0; j < REGISTERS; j++) total[r * REGISTERS + j] = add_products(total[r * REGISTERS + j], w[j], a);
  }
}

/// With few rows, the chunks go in turn to several sets of sums, so that an addition need not wait for the one before.
INLINE void tile(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, int32_t *sums,
                 const int rows) {
  const int count = rows * REGISTERS, sets = CHAINS >= 4 * count ? 4 : CHAINS >= 2 * count ? 2 : 1;
  const ptrdiff_t size = ASSIGNER_PANEL * ASSIGNER_CHUNK;
  vector total[4][TILE_ROWS * REGISTERS];
  for (int s = 0; s < sets; s++)
    for (int i = 0; i < count; i++) total[s][i] = zero();
  ptrdiff_t p = 0;
  for (; p + sets <= chunks; p += sets)
    for (int s = 0; s < sets; s++)
      add_chunk(total[s], x + (p + s) * ASSIGNER_CHUNK, stride, panel + (p + s) * size, rows);
  for (; p < chunks; p++) add_chunk(total[0], x + p * ASSIGNER_CHUNK, stride, panel + p * size, rows);
  for (int i = 0; i < count; i++) {
    vector sum = total[0][i];
    for (int s = 1; s < sets; s++) sum = add(sum, total[s][i]);
    store_sums(sums + i / REGISTERS * ASSIGNER_PANEL + i % REGISTERS * (int)(sizeof(vector) / sizeof(int32_t)), sum);
  }
}

#include "row_tiles.h"

static void panel_i8(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, ptrdiff_t rows,
                     int32_t *sums) {
  row_tiles(x, stride, panel, chunks, rows, sums);
}
