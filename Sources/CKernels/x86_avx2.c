/// AVX2. Byte products by `maddubs`, which adds two unsigned × signed products into 16 bits with saturation: the
/// weight's sign is moved to the activation first, so a pair is at most 2 × 128 × 127 = 32512 and never saturates
/// (weights may be anything, -128 too; activations are within ±127).
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "float_vector.h"

enum { TILE_ROWS = 4 };

/// Eight registers of sums; the weights' absolute values serve all rows.
INLINE void tile(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, int32_t *sums,
                 const int rows) {
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i total[TILE_ROWS][2];
  for (int r = 0; r < rows; r++) total[r][0] = total[r][1] = _mm256_setzero_si256();
  for (ptrdiff_t p = 0; p < chunks; p++, panel += ASSIGNER_PANEL * ASSIGNER_CHUNK, x += ASSIGNER_CHUNK) {
    __m256i weight[2], absolute[2];
    for (int j = 0; j < 2; j++) {
      weight[j] = _mm256_loadu_si256((const __m256i *)panel + j);
      absolute[j] = _mm256_abs_epi8(weight[j]);
    }
    for (int r = 0; r < rows; r++) {
      int32_t four;
      memcpy(&four, x + r * stride, sizeof four);
      const __m256i a = _mm256_set1_epi32(four);
      for (int j = 0; j < 2; j++) {
        const __m256i pairs = _mm256_maddubs_epi16(absolute[j], _mm256_sign_epi8(a, weight[j]));
        total[r][j] = _mm256_add_epi32(total[r][j], _mm256_madd_epi16(pairs, ones));
      }
    }
  }
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < 2; j++) _mm256_storeu_si256((__m256i *)(sums + r * ASSIGNER_PANEL) + j, total[r][j]);
}

#include "row_tiles.h"

static void panel_i8(const int8_t *x, ptrdiff_t stride, const int8_t *panel, ptrdiff_t chunks, ptrdiff_t rows,
                     int32_t *sums) {
  row_tiles(x, stride, panel, chunks, rows, sums);
}

INLINE int32_t row_offset(const int8_t *x, ptrdiff_t stride) { return 0; }

#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_avx2 = OPS_TABLE;
#endif
