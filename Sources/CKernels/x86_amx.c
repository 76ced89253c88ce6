// SPDX-License-Identifier: Apache-2.0
/// AMX: products of tiles, 16 rows of 64 inputs by 64 inputs of 16 outputs (Sapphire Rapids and later). Sixteen chunks
/// of a panel are a tile of weights as they lie, and both operands are signed. So nothing is rearranged and no offset
/// is needed.
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("amx-tile,amx-int8,avx512f,avx512bw,avx512vl"))), \
                             apply_to = function)
#include "float_vector.h"

enum { TILE_ROWS = 16, TILE_CHUNKS = 16, TILE_BYTES = 64 };

/// The operand of the instruction that configures the tiles.
typedef struct {
  uint8_t palette, start, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} tile_shapes;

// The tiles: sums of up to 64 rows; weights and inputs of one step over k, and of a shorter last step.
#define WEIGHTS 4
#define LAST_WEIGHTS 5
#define INPUTS 6
#define LAST_INPUTS 7

INLINE void begin_panels(ptrdiff_t rows, ptrdiff_t chunks) {
  const int height = rows < TILE_ROWS ? (int)rows : TILE_ROWS, last = chunks % TILE_CHUNKS;
  tile_shapes shapes = {.palette = 1};
  for (int t = 0; t < 8; t++) {
    shapes.row_bytes[t] = TILE_BYTES;
    shapes.rows[t] = height;
  }
  shapes.rows[WEIGHTS] = TILE_CHUNKS;
  if (last > 0) {
    shapes.rows[LAST_WEIGHTS] = last;
    shapes.row_bytes[LAST_INPUTS] = last * ASSIGNER_CHUNK;
  }
  _tile_loadconfig(&shapes);
}

INLINE void end_panels(void) { _tile_release(); }

/// `tiles` row tiles, 1 to 4, a constant after inlining. All have the same height. If the rows are no multiple of 16,
/// the last tile repeats some rows of the one before.
INLINE void tile(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, ptrdiff_t rows,
                 int32_t *sums, const int tiles) {
  const ptrdiff_t last = rows > TILE_ROWS ? rows - TILE_ROWS : 0, steps = chunks / TILE_CHUNKS;
  // The tile numbers are part of the instructions.
#define EACH(step)        \
  step(0);                \
  if (tiles > 1) step(1); \
  if (tiles > 2) step(2); \
  if (tiles > 3) step(3)
#define FIRST_ROW(t) (t + 1 < tiles ? t * TILE_ROWS : last)
#define ADD(t, inputs, weights)                           \
  _tile_loadd(inputs, x + FIRST_ROW(t) * stride, stride); \
  _tile_dpbssd(t, inputs, weights)
#define CLEAR(t) _tile_zero(t)
#define ADD_STEP(t) \
  { ADD(t, INPUTS, WEIGHTS); }
#define ADD_LAST(t) \
  { ADD(t, LAST_INPUTS, LAST_WEIGHTS); }
#define STORE(t) _tile_stored(t, sums + FIRST_ROW(t) * ASSIGNER_PANEL, TILE_BYTES)
  EACH(CLEAR);
  for (ptrdiff_t p = 0; p < steps; p++, x += TILE_CHUNKS * ASSIGNER_CHUNK, panel += TILE_CHUNKS * TILE_BYTES) {
    _tile_loadd(WEIGHTS, panel, TILE_BYTES);
    EACH(ADD_STEP);
  }
  if (chunks % TILE_CHUNKS > 0) {
    _tile_loadd(LAST_WEIGHTS, panel, TILE_BYTES);
    EACH(ADD_LAST);
  }
  EACH(STORE);
}

/// Takes at most 64 rows.
static void panel_i8(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, ptrdiff_t rows,
                     int32_t *sums, ptrdiff_t panels) {
  switch ((rows - 1) / TILE_ROWS) {
    case 0: tile(x, stride, panel, chunks, rows, sums, 1); break;
    case 1: tile(x, stride, panel, chunks, rows, sums, 2); break;
    case 2: tile(x, stride, panel, chunks, rows, sums, 3); break;
    case 3: tile(x, stride, panel, chunks, rows, sums, 4); break;
  }
}

#define PANELS_NEED_SETUP
// Tiles that are idle for half a microsecond go to sleep, and take a third of one to wake up. GELU takes longer than
// that for a panel's 64 rows, but not for 32.
#define ACTIVATED_ROWS 32
#define QUERY_ROWS 8
#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_amx = OPS_TABLE;
#endif
