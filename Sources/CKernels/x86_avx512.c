// SPDX-License-Identifier: Apache-2.0
/// AVX-512 without its dot product. As with AVX2, the weight's sign is moved to the input, here by a masked negation. A
/// pair of products is then at most 2 × 128 × 127 = 32512, so `maddubs` never saturates.
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl"))), apply_to = function)
#include "float_vector.h"

typedef __m512i vector;
typedef struct {
  vector absolute;
  __mmask64 negative;
} weights;
enum { TILE_ROWS = 8, CHAINS = 4 };

INLINE weights weights_of(const int8_t *panel) {
  const vector w = _mm512_loadu_si512(panel);
  return (weights){_mm512_abs_epi8(w), _mm512_movepi8_mask(w)};
}

INLINE vector four_inputs(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm512_set1_epi32(four);
}

INLINE vector add(vector a, vector b) { return _mm512_add_epi32(a, b); }
INLINE vector zero(void) { return _mm512_setzero_si512(); }
INLINE void store_sums(int32_t *sums, vector v) { _mm512_storeu_si512(sums, v); }

INLINE vector add_products(vector sums, weights w, vector a) {
  const vector signed_inputs = _mm512_mask_sub_epi8(a, w.negative, zero(), a);
  const vector pairs = _mm512_maddubs_epi16(w.absolute, signed_inputs);
  return add(sums, _mm512_madd_epi16(pairs, _mm512_set1_epi16(1)));
}

#include "x86_panel.h"
#define QUERY_ROWS 8
#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_avx512 = OPS_TABLE;
#endif
