// SPDX-License-Identifier: Apache-2.0
/// AVX2.
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "float_vector.h"

typedef __m256i vector;
#define PANELS 1
enum { TILE_ROWS = 6, CHAINS = 8, WEIGHT_BYTES = 16, INPUT_BYTES = 2 };

INLINE vector weights_of(const int8_t *chunk) { return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)chunk)); }

INLINE vector inputs_of(const int8_t *x) {
  int64_t four;
  memcpy(&four, x, sizeof four);
  return _mm256_set1_epi64x(four);
}

INLINE vector add(vector a, vector b) { return _mm256_add_epi32(a, b); }
INLINE vector zero(void) { return _mm256_setzero_si256(); }
INLINE vector add_products(vector sums, vector w, vector a) { return add(sums, _mm256_madd_epi16(w, a)); }

INLINE void store_sums(int32_t *sums, const vector *v, const int width) {
  // Pairs are added within halves of a register: the eight sums come in the order 0 1 4 5 2 3 6 7.
  const vector pairs = _mm256_hadd_epi32(v[0], v[1]);
  _mm256_storeu_si256((vector *)sums, _mm256_permute4x64_epi64(pairs, _MM_SHUFFLE(3, 1, 2, 0)));
}

#include "x86_int16.h"
#include "x86_tile.h"
#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_avx2 = OPS_TABLE;
#endif
