// SPDX-License-Identifier: Apache-2.0
/// AVX-VNNI: the byte dot product of AVX-512 in registers of 32 bytes (Alder Lake and later without AVX-512).
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,avxvnni"))), apply_to = function)
#include "float_vector.h"

typedef __m256i vector;
// A dot product takes five cycles, and two start in each cycle.
#define PANELS 1
enum { TILE_ROWS = 6, CHAINS = 10, WEIGHT_BYTES = 32, INPUT_BYTES = 1 };

INLINE vector weights_of(const int8_t *chunk) {
  return _mm256_xor_si256(_mm256_loadu_si256((const vector *)chunk), _mm256_set1_epi8(-128));
}

INLINE vector inputs_of(const int8_t *x) {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm256_set1_epi32(four);
}

INLINE vector add(vector a, vector b) { return _mm256_add_epi32(a, b); }
INLINE vector zero(void) { return _mm256_setzero_si256(); }
INLINE void store_sums(int32_t *sums, const vector *v, const int width) {
  for (int j = 0; j < width; j++) _mm256_storeu_si256((vector *)sums + j, v[j]);
}
INLINE vector add_products(vector sums, vector w, vector a) { return _mm256_dpbusd_avx_epi32(sums, w, a); }

#include "x86_unsigned_weights.h"
#include "x86_tile.h"
#include "float_ops.h"
#include "linear_i8.h"
#pragma clang attribute pop

const assigner_ops assigner_ops_avxvnni = OPS_TABLE;
#endif
