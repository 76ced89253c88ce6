// SPDX-License-Identifier: Apache-2.0
/// int8 products in 128-bit registers of ARM. The including file has defined `add_products`, which adds up 16 products,
/// under its own target attribute.

INLINE int8x16_t bytes(const int8_t *p) { return vld1q_s8(p); }

/// The first `count` < 16 bytes, then zeros.
INLINE int8x16_t some_bytes(const int8_t *p, ptrdiff_t count) {
  int8_t lanes[16] = {0};
  memcpy(lanes, p, (size_t)count);
  return bytes(lanes);
}

/// `rows` × `columns` dot products in registers. Both are constants after inlining; `columns` is 4 or 1.
INLINE void tile(const int8_t *a, const int8_t *b, int32_t *c, ptrdiff_t k, ptrdiff_t ldc, const int rows,
                 const int columns) {
  int32x4_t total[4][4];
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < columns; j++) total[r][j] = vdupq_n_s32(0);
  for (ptrdiff_t p = 0; p < k; p += 16) {
    const ptrdiff_t left = k - p;
    int8x16_t weight[4];
    for (int j = 0; j < columns; j++) weight[j] = left >= 16 ? bytes(b + j * k + p) : some_bytes(b + j * k + p, left);
    for (int r = 0; r < rows; r++) {
      const int8x16_t row = left >= 16 ? bytes(a + r * k + p) : some_bytes(a + r * k + p, left);
      for (int j = 0; j < columns; j++) total[r][j] = add_products(total[r][j], row, weight[j]);
    }
  }
  for (int r = 0; r < rows; r++) {
    if (columns == 4) {
      // Four sums by pairwise additions.
      vst1q_s32(c + r * ldc, vpaddq_s32(vpaddq_s32(total[r][0], total[r][1]), vpaddq_s32(total[r][2], total[r][3])));
    } else {
      c[r * ldc] = vaddvq_s32(total[r][0]);
    }
  }
}

static void gemm_tiles(const int8_t *a, const int8_t *b, int32_t *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                       ptrdiff_t ldc) {
  ptrdiff_t i = 0;
  for (; i + 4 <= m; i += 4) {
    ptrdiff_t j = 0;
    for (; j + 4 <= n; j += 4) tile(a + i * k, b + j * k, c + i * ldc + j, k, ldc, 4, 4);
    for (; j < n; j++) tile(a + i * k, b + j * k, c + i * ldc + j, k, ldc, 4, 1);
  }
  for (; i < m; i++) {
    ptrdiff_t j = 0;
    for (; j + 4 <= n; j += 4) tile(a + i * k, b + j * k, c + i * ldc + j, k, ldc, 1, 4);
    for (; j < n; j++) tile(a + i * k, b + j * k, c + i * ldc + j, k, ldc, 1, 1);
  }
}
