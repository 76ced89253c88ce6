// SPDX-License-Identifier: Apache-2.0
/// AVX2. Byte products by `maddubs`, which adds two unsigned × signed products into 16 bits with saturation. The
/// weight's sign is first moved to the input, so a pair is at most 2 × 128 × 127 = 32512 and never saturates (weights
/// are -128…127, inputs ±127).
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "float_vector.h"

typedef __m256i vector;
typedef struct {
  vector weight, absolute;
} weights;
// Eight registers of sums, four of weights, and the rest for the product in progress.
enum { TILE_ROWS = 4, CHAINS = 4 };

INLINE weights weights_of(const int8_t *panel) {
  const vector w = _mm256_loadu_si256((const vector *)panel);
  return (weights){w, _mm256_abs_epi8(w)};
}

INLINE vector four_inputs(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm256_set1_epi32(four);
}

INLINE vector add(vector a, vector b) { return _mm256_add_epi32(a, b); }
INLINE vector zero(void) { return _mm256_setzero_si256(); }
INLINE void store_sums(int32_t *sums, vector v) { _mm256_storeu_si256((vector *)sums, v); }

INLINE vector add_products(vector sums, weights w, vector a) {
  const vector pairs = _mm256_maddubs_epi16(w.absolute, _mm256_sign_epi8(a, w.weight));
  return add(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

#include "x86_panel.h"
#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_avx2 = OPS_TABLE;
#endif
