// SPDX-License-Identifier: Apache-2.0
/// Splits any number of rows into tiles of nearly equal height. The including file has defined
///
///     TILE_ROWS           the rows of the highest tile, at most 12
///     TILE(rows)          multiplies a tile of the arguments below; `rows` is a constant
///     PANELS              the panels whose sums stand side by side, as `linear_i8.h` says
///
/// `width` registers of weights, `apart` bytes apart, are multiplied at once.
INLINE void row_tiles(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, ptrdiff_t rows,
                      int32_t *sums, ptrdiff_t apart, const int width) {
  // 9 rows become 3 + 3 + 3 rather than 4 + 4 + 1, because a low tile reads the panel for few products.
  for (ptrdiff_t tiles = (rows + TILE_ROWS - 1) / TILE_ROWS; tiles > 0; tiles--) {
    const ptrdiff_t height = (rows + tiles - 1) / tiles;
#define HEIGHT(count)         \
  case count:                 \
    if (count <= TILE_ROWS) { \
      TILE(count);            \
    }                         \
    break;
    switch (height) {
      HEIGHT(1)
      HEIGHT(2) HEIGHT(3) HEIGHT(4) HEIGHT(5) HEIGHT(6) HEIGHT(7) HEIGHT(8) HEIGHT(9) HEIGHT(10) HEIGHT(11) HEIGHT(12)
    }
#undef HEIGHT
    rows -= height;
    x += height * stride;
    sums += height * PANELS * ASSIGNER_PANEL;
  }
}
