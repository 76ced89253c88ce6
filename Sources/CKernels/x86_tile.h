// SPDX-License-Identifier: Apache-2.0
/// Products of rows and panels in registers of 32 or 64 bytes, for every x86 instruction set. The including file has defined
///
///     vector                      a register
///     TILE_ROWS                   rows of a tile: twice as many sums fill three quarters of the registers
///     CHAINS                      additions under way at once that keep the multipliers busy
///     WEIGHT_BYTES                bytes of a chunk that fill one register
///     INPUT_BYTES                 the size of an input
///     PANELS                      2 if the registers of a tile lie in two panels, otherwise 1
///     weights_of(chunk)           reads a register of weights
///     inputs_of(x)                four inputs of a row, repeated
///     add_products(sums, w, a)    sums + the products
///     add, zero                   as their names say
///     store_sums(sums, v, width)  stores the sums of a row's registers
///
/// A tile is two registers wide, so that each input is read for two products, and each weight for up to twelve.
enum { CHUNK_BYTES = ASSIGNER_PANEL * ASSIGNER_CHUNK, INPUT_STEP = ASSIGNER_CHUNK * INPUT_BYTES, WIDTH = 2 };

/// Tiles of so many rows ask the second cache for the next panels. Lower ones have no loads to spare.
enum { PREFETCHING_ROWS = 4 };

// Without this, the compiler keeps the sums of a high tile in memory.
#define UNROLL _Pragma("clang loop unroll(full)")
/// Keeps the compiler from deriving an address from others.
#define KEEP(value) __asm__("" : "+r"(value))

/// Where a tile's rows and weights are, and how far `ahead` the next panels are. Row r is at first[r / 4] + offset[r % 4].
/// So an input costs a load and no addition, which on Intel's processors would take the place of a product.
typedef struct {
  const int8_t *first[3], *weights;
  ptrdiff_t offset[4], apart, ahead;
} tile_places;

INLINE tile_places places_of(const int8_t *x, ptrdiff_t stride, const int8_t *weights, ptrdiff_t apart,
                             ptrdiff_t chunks, const int rows) {
  tile_places at = {.first = {x, x + 4 * stride, x + 8 * stride},
                    .weights = weights,
                    .offset = {0, stride, 2 * stride, 3 * stride},
                    .apart = apart,
                    .ahead = PANELS * chunks * CHUNK_BYTES};
  for (int i = 1; i < 3 && 4 * i < rows; i++) KEEP(at.first[i]);
  for (int i = 1; i < 4 && i < rows; i++) KEEP(at.offset[i]);
  KEEP(at.apart);
  KEEP(at.ahead);
  return at;
}

INLINE void add_chunk(vector *total, const tile_places *at, const int chunk, const int rows, const int width) {
  vector w[WIDTH];
  UNROLL for (int j = 0; j < width; j++) w[j] = weights_of(at->weights + chunk * CHUNK_BYTES + j * at->apart);
  for (int j = 0; j < width && rows >= PREFETCHING_ROWS; j++)
    __builtin_prefetch(at->weights + chunk * CHUNK_BYTES + j * at->apart + at->ahead, 0, 2);
  UNROLL for (int r = 0; r < rows; r++) {
    const vector a = inputs_of(at->first[r / 4] + at->offset[r % 4] + chunk * INPUT_STEP);
    UNROLL for (int j = 0; j < width; j++) total[r * width + j] = add_products(total[r * width + j], w[j], a);
  }
}

INLINE void advance(tile_places *at, const int chunks) {
  for (int i = 0; i < 3; i++) at->first[i] += chunks * INPUT_STEP;
  at->weights += chunks * CHUNK_BYTES;
}

/// `rows` rows by `width` registers of weights, `apart` bytes apart. With few rows, the chunks go in turn to several sets of
/// sums, so that an addition need not wait for the one before.
INLINE void tile(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t apart, ptrdiff_t chunks,
                 int32_t *sums, const int rows, const int width) {
  const int count = rows * width, sets = CHAINS >= 4 * count ? 4 : CHAINS >= 2 * count ? 2 : 1;
  vector total[4][TILE_ROWS * WIDTH];
  UNROLL for (int s = 0; s < sets; s++) UNROLL for (int i = 0; i < count; i++) total[s][i] = zero();
  tile_places at = places_of(x, stride, panel, apart, chunks, rows);
  for (; chunks >= sets; chunks -= sets) {
    UNROLL for (int s = 0; s < sets; s++) add_chunk(total[s], &at, s, rows, width);
    advance(&at, sets);
  }
  for (; chunks > 0; chunks--) {
    add_chunk(total[0], &at, 0, rows, width);
    advance(&at, 1);
  }
  UNROLL for (int r = 0; r < rows; r++) {
    vector *row = total[0] + r * width;
    UNROLL for (int j = 0; j < width; j++) UNROLL for (int s = 1; s < sets; s++)
      row[j] = add(row[j], total[s][r * width + j]);
    store_sums(sums + r * PANELS * ASSIGNER_PANEL, row, width);
  }
}

#define TILE(rows) tile(x, stride, panel, apart, chunks, sums, rows, width)
#include "row_tiles.h"

static void panel_i8(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, ptrdiff_t rows,
                     int32_t *sums, ptrdiff_t panels) {
  if (PANELS == 1) {
    for (ptrdiff_t place = 0; place < CHUNK_BYTES; place += WIDTH * WEIGHT_BYTES)
      row_tiles(x, stride, panel + place, chunks, rows, sums + place / ASSIGNER_CHUNK, WEIGHT_BYTES, WIDTH);
  } else if (panels == WIDTH) {
    row_tiles(x, stride, panel, chunks, rows, sums, chunks * CHUNK_BYTES, WIDTH);
  } else {
    row_tiles(x, stride, panel, chunks, rows, sums, 0, 1);
  }
}
