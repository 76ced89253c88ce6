/// AVX2. Byte products by `maddubs`, which adds two unsigned × signed products into 16 bits with saturation: the
/// weight's sign is moved to the activation first, so a pair is at most 2 × 128 × 127 = 32512 and never saturates
/// (weights may be anything, -128 too; activations are within ±127).
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "float_vector.h"

INLINE __m256i add_products(__m256i total, __m256i a, __m256i weight, __m256i absolute) {
  __m256i pairs = _mm256_maddubs_epi16(absolute, _mm256_sign_epi8(a, weight));
  return _mm256_add_epi32(total, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

INLINE __m256i bytes(const int8_t *p) { return _mm256_loadu_si256((const __m256i *)p); }

/// The first `count` < 32 bytes, then zeros.
INLINE __m256i some_bytes(const int8_t *p, ptrdiff_t count) {
  int8_t lanes[32] = {0};
  memcpy(lanes, p, (size_t)count);
  return bytes(lanes);
}

INLINE int32_t sum_lanes(__m256i v) {
  __m128i s = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
  s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
  return _mm_cvtsi128_si32(s);
}

/// `rows` × `columns` dot products in registers; both are constants where this is inlined.
INLINE void tile(const int8_t *a, const int8_t *b, int32_t *c, ptrdiff_t k, ptrdiff_t ldc, const int rows,
                 const int columns) {
  __m256i total[4][4];
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < columns; j++) total[r][j] = _mm256_setzero_si256();
  ptrdiff_t p = 0;
  for (; p + 32 <= k; p += 32) {
    __m256i weight[4], absolute[4];
    for (int j = 0; j < columns; j++) {
      weight[j] = bytes(b + j * k + p);
      absolute[j] = _mm256_abs_epi8(weight[j]);
    }
    for (int r = 0; r < rows; r++) {
      __m256i row = bytes(a + r * k + p);
      for (int j = 0; j < columns; j++) total[r][j] = add_products(total[r][j], row, weight[j], absolute[j]);
    }
  }
  if (p < k) {
    for (int j = 0; j < columns; j++) {
      __m256i weight = some_bytes(b + j * k + p, k - p);
      __m256i absolute = _mm256_abs_epi8(weight);
      for (int r = 0; r < rows; r++)
        total[r][j] = add_products(total[r][j], some_bytes(a + r * k + p, k - p), weight, absolute);
    }
  }
  if (rows == 4 && columns == 2) {
    // Eight sums by pairwise additions: lanes of each half are (0,0) (0,1) (1,0) (1,1), then rows 2 and 3.
    __m256i top = _mm256_hadd_epi32(_mm256_hadd_epi32(total[0][0], total[0][1]),
                                    _mm256_hadd_epi32(total[1][0], total[1][1]));
    __m256i bottom = _mm256_hadd_epi32(_mm256_hadd_epi32(total[2][0], total[2][1]),
                                       _mm256_hadd_epi32(total[3][0], total[3][1]));
    __m128i upper = _mm_add_epi32(_mm256_castsi256_si128(top), _mm256_extracti128_si256(top, 1));
    __m128i lower = _mm_add_epi32(_mm256_castsi256_si128(bottom), _mm256_extracti128_si256(bottom, 1));
    _mm_storel_epi64((__m128i *)c, upper);
    _mm_storel_epi64((__m128i *)(c + ldc), _mm_unpackhi_epi64(upper, upper));
    _mm_storel_epi64((__m128i *)(c + 2 * ldc), lower);
    _mm_storel_epi64((__m128i *)(c + 3 * ldc), _mm_unpackhi_epi64(lower, lower));
    return;
  }
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < columns; j++) c[r * ldc + j] = sum_lanes(total[r][j]);
}

static void gemm_i8(const int8_t *a, const int8_t *b, int32_t *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                    ptrdiff_t ldc) {
  ptrdiff_t i = 0;
  for (; i + 4 <= m; i += 4) {
    ptrdiff_t j = 0;
    for (; j + 2 <= n; j += 2) tile(a + i * k, b + j * k, c + i * ldc + j, k, ldc, 4, 2);
    for (; j < n; j++) tile(a + i * k, b + j * k, c + i * ldc + j, k, ldc, 4, 1);
  }
  for (; i < m; i++) {
    ptrdiff_t j = 0;
    for (; j + 4 <= n; j += 4) tile(a + i * k, b + j * k, c + i * ldc + j, k, ldc, 1, 4);
    for (; j < n; j++) tile(a + i * k, b + j * k, c + i * ldc + j, k, ldc, 1, 1);
  }
}

#include "float_ops.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_avx2 = OPS_TABLE;
#endif
