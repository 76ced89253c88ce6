// SPDX-License-Identifier: Apache-2.0
/// AVX-512 with its byte dot product (VNNI: Cascade Lake, Ice Lake, Zen 4 and later).
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))), apply_to = function)
#include "float_vector.h"

typedef __m512i vector;
// A dot product takes five cycles, and two start in each cycle. Four rows are faster in two sets of eight sums.
#define PANELS 2
enum { TILE_ROWS = 12, CHAINS = 16, WEIGHT_BYTES = 64, INPUT_BYTES = 1 };

INLINE vector weights_of(const int8_t *chunk) {
  return _mm512_xor_si512(_mm512_loadu_si512(chunk), _mm512_set1_epi8(-128));
}

INLINE vector inputs_of(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm512_set1_epi32(four);
}

INLINE vector add(vector a, vector b) { return _mm512_add_epi32(a, b); }
INLINE vector zero(void) { return _mm512_setzero_si512(); }
INLINE void store_sums(int32_t *sums, const vector *v, const int width) {
  for (int j = 0; j < width; j++) _mm512_storeu_si512(sums + j * ASSIGNER_PANEL, v[j]);
}

INLINE vector add_products(vector sums, vector w, vector a) { return _mm512_dpbusd_epi32(sums, w, a); }

#include "x86_unsigned_weights.h"
#include "x86_tile.h"
#define QUERY_ROWS 8
#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_avx512vnni = OPS_TABLE;
#endif
