// SPDX-License-Identifier: Apache-2.0
/// Multiplies a panel in two halves of eight outputs. The sums of a half fit 128-bit registers for at least four rows.
/// The including file has defined `tile` for a half.
#define PANELS 1
#define TILE(rows) tile(x, stride, panel, chunks, sums, rows)
#include "row_tiles.h"

static void panel_i8(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, ptrdiff_t rows,
                     int32_t *sums, ptrdiff_t panels) {
  const ptrdiff_t half = ASSIGNER_PANEL / 2;
  row_tiles(x, stride, panel, chunks, rows, sums, 0, 1);
  row_tiles(x, stride, panel + half * ASSIGNER_CHUNK, chunks, rows, sums + half, 0, 1);
}
