/// Any number of rows by tiles: the including file has defined `TILE_ROWS`, at most 12, and `tile`, which takes up to that many
/// rows, a constant where it is inlined.
INLINE void row_tiles(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, ptrdiff_t rows,
                      int32_t *sums) {
  for (; rows >= TILE_ROWS; rows -= TILE_ROWS, x += TILE_ROWS * stride, sums += TILE_ROWS * ASSIGNER_PANEL)
    tile(x, stride, panel, chunks, sums, TILE_ROWS);
#define REST(count) \
  case count: \
    if (count < TILE_ROWS) tile(x, stride, panel, chunks, sums, count); \
    break;
  switch (rows) { REST(1) REST(2) REST(3) REST(4) REST(5) REST(6) REST(7) REST(8) REST(9) REST(10) REST(11) }
#undef REST
}
