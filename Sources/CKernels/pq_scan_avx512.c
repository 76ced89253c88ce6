// SPDX-License-Identifier: Apache-2.0
/// The index scans with AVX-512. Two pairs of sub-quantisers, which are adjacent in a block, are added at a time.
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))

enum { PAIR = ASSIGNER_SCAN_BLOCK, MOST_PAIRS = 128 };

/// The table of one pair in the lower half of a register and that of the next pair in the upper half. Each is
/// duplicated, as the shuffle needs it.
AVX512 static inline __m512i tables_of(const uint8_t *entries, int two) {
  const __m512i first = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)entries));
  return two ? _mm512_mask_broadcast_i32x4(first, 0xff00, _mm_loadu_si128((const __m128i *)(entries + PAIR)))
             : _mm512_maskz_mov_epi32(0x00ff, first);
}

AVX512 void assigner_pq_scan_avx512(const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks,
                                    uint16_t *sums, uint16_t least, uint32_t *found) {
  const __m512i nibble = _mm512_set1_epi8(15);
  const size_t twos = pairs / 2, steps = twos + pairs % 2;
  __m512i lows[MOST_PAIRS / 2], highs[MOST_PAIRS / 2];
  for (size_t step = 0; step < steps; step++) {
    lows[step] = tables_of(tables + step * 2 * PAIR, step < twos);
    highs[step] = tables_of(tables + step * 2 * PAIR + PAIR / 2, step < twos);
  }
  for (size_t block = 0; block < blocks; block++, codes += pairs * PAIR) {
    // A 16-bit lane covers two rows, so two sums are kept, of the odd row and of both, as with AVX2.
    __m512i both = _mm512_setzero_si512(), odd = both;
#pragma clang loop unroll_count(4)
    for (size_t step = 0; step < steps; step++) {
      const uint8_t *at = codes + step * 2 * PAIR;
      // Blocks are added up faster than the L3 cache delivers them without prefetching.
      _mm_prefetch((const char *)at + 2 * pairs * PAIR, _MM_HINT_T0);
      const __m512i bytes = step < twos ? _mm512_loadu_si512(at) : _mm512_maskz_loadu_epi32(0x00ff, at);
      const __m512i low = _mm512_shuffle_epi8(lows[step], _mm512_and_si512(bytes, nibble));
      const __m512i high = _mm512_shuffle_epi8(highs[step], _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibble));
      both = _mm512_add_epi16(both, _mm512_add_epi16(low, high));
      odd = _mm512_add_epi16(odd, _mm512_add_epi16(_mm512_srli_epi16(low, 8), _mm512_srli_epi16(high, 8)));
    }
    const __m256i odds = _mm256_add_epi16(_mm512_castsi512_si256(odd), _mm512_extracti64x4_epi64(odd, 1));
    const __m256i all = _mm256_add_epi16(_mm512_castsi512_si256(both), _mm512_extracti64x4_epi64(both, 1));
    const __m256i even = _mm256_sub_epi16(all, _mm256_slli_epi16(odds, 8));
    const __m256i first = _mm256_unpacklo_epi16(even, odds);   // rows 0-7 and 16-23
    const __m256i second = _mm256_unpackhi_epi16(even, odds);  // rows 8-15 and 24-31
    __m256i *out = (__m256i *)(sums + block * ASSIGNER_SCAN_BLOCK);
    const __m256i low = _mm256_permute2x128_si256(first, second, 0x20),
                  high = _mm256_permute2x128_si256(first, second, 0x31);
    _mm256_storeu_si256(out, low);
    _mm256_storeu_si256(out + 1, high);
    const __m256i limit = _mm256_set1_epi16((short)least);
    found[block] = _mm256_cmpge_epu16_mask(low, limit) | (uint32_t)_mm256_cmpge_epu16_mask(high, limit) << 16;
  }
}

AVX512 int32_t assigner_dot_u4_i16_avx512(const uint8_t *codes, const int16_t *weights, size_t bytes) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m512i sum = _mm512_setzero_si512(), other = sum;
  size_t i = 0;
  for (; i + 32 <= bytes; i += 32) {
    const __m256i packed = _mm256_loadu_si256((const __m256i *)(codes + i));
    const __m512i low = _mm512_cvtepu8_epi16(_mm256_and_si256(packed, nibble));
    const __m512i high = _mm512_cvtepu8_epi16(_mm256_and_si256(_mm256_srli_epi16(packed, 4), nibble));
    sum = _mm512_add_epi32(sum, _mm512_madd_epi16(low, _mm512_loadu_si512(weights + i)));
    other = _mm512_add_epi32(other, _mm512_madd_epi16(high, _mm512_loadu_si512(weights + bytes + i)));
  }
  int32_t total = _mm512_reduce_add_epi32(_mm512_add_epi32(sum, other));
  for (; i < bytes; i++) total += (codes[i] & 15) * weights[i] + (codes[i] >> 4) * weights[bytes + i];
  return total;
}
#endif
