// SPDX-License-Identifier: Apache-2.0
/// AVX-512 without its dot product (Skylake-X).
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl"))), apply_to = function)
#include "float_vector.h"

typedef __m512i vector;
#define PANELS 1
enum { TILE_ROWS = 12, CHAINS = 8, WEIGHT_BYTES = 32, INPUT_BYTES = 2 };

INLINE vector weights_of(const int8_t *chunk) {
  return _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)chunk));
}

INLINE vector inputs_of(const int8_t *x) {
  int64_t four;
  memcpy(&four, x, sizeof four);
  return _mm512_set1_epi64(four);
}

INLINE vector add(vector a, vector b) { return _mm512_add_epi32(a, b); }
INLINE vector zero(void) { return _mm512_setzero_si512(); }
INLINE vector add_products(vector sums, vector w, vector a) { return add(sums, _mm512_madd_epi16(w, a)); }

INLINE void store_sums(int32_t *sums, const vector *v, const int width) {
  const vector even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
  const vector odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
  _mm512_storeu_si512(sums,
                      add(_mm512_permutex2var_epi32(v[0], even, v[1]), _mm512_permutex2var_epi32(v[0], odd, v[1])));
}

#include "x86_int16.h"
#include "x86_tile.h"
#define QUERY_ROWS 8
#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_avx512 = OPS_TABLE;
#endif
