// SPDX-License-Identifier: Apache-2.0
/// The index scans with AVX2. The target is a function attribute, because SwiftPM has file flags only as unsafeFlags.
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

/// All ones in the lanes whose sum is `least` or more.
AVX2 static inline __m256i reaching(__m256i sums, uint16_t least) {
  return _mm256_cmpeq_epi16(_mm256_max_epu16(sums, _mm256_set1_epi16((short)least)), sums);
}

/// One 16-byte table in both halves of a register, as the shuffle needs it.
AVX2 static inline __m256i table(const uint8_t *entries) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)entries));
}

AVX2 void assigner_pq_scan_avx2(const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks,
                                uint16_t *sums, uint16_t least, uint32_t *found) {
  const __m256i nibble = _mm256_set1_epi8(15);
  for (size_t block = 0; block < blocks; block++) {
    // A 16-bit lane covers two rows, so two sums are kept: of the odd row, and of both rows (the odd one times 256,
    // modulo 2^16). The even row's sum is their difference. It fits 16 bits, so nothing is lost.
    __m256i both = _mm256_setzero_si256();
    __m256i odd = _mm256_setzero_si256();
    for (size_t pair = 0; pair < pairs; pair++) {
      const __m256i bytes = _mm256_loadu_si256((const __m256i *)codes);
      const __m256i low = _mm256_shuffle_epi8(table(tables + pair * 32), _mm256_and_si256(bytes, nibble));
      const __m256i high = _mm256_shuffle_epi8(table(tables + pair * 32 + 16),
                                               _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
      both = _mm256_add_epi16(both, _mm256_add_epi16(low, high));
      odd = _mm256_add_epi16(odd, _mm256_add_epi16(_mm256_srli_epi16(low, 8), _mm256_srli_epi16(high, 8)));
      codes += ASSIGNER_SCAN_BLOCK;
    }
    const __m256i even = _mm256_sub_epi16(both, _mm256_slli_epi16(odd, 8));
    const __m256i first = _mm256_unpacklo_epi16(even, odd);   // rows 0-7 and 16-23
    const __m256i second = _mm256_unpackhi_epi16(even, odd);  // rows 8-15 and 24-31
    __m256i *out = (__m256i *)(sums + block * ASSIGNER_SCAN_BLOCK);
    const __m256i low = _mm256_permute2x128_si256(first, second, 0x20),
                  high = _mm256_permute2x128_si256(first, second, 0x31);
    _mm256_storeu_si256(out, low);
    _mm256_storeu_si256(out + 1, high);
    // Packing interleaves the halves of the registers; the permutation restores the order.
    const __m256i reach = _mm256_packs_epi16(reaching(low, least), reaching(high, least));
    found[block] = (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(reach, 0xd8));
  }
}

AVX2 int32_t assigner_dot_u4_i16_avx2(const uint8_t *codes, const int16_t *weights, size_t bytes) {
  const __m128i nibble = _mm_set1_epi8(15);
  __m256i sum = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 16 <= bytes; i += 16) {
    const __m128i packed = _mm_loadu_si128((const __m128i *)(codes + i));
    const __m256i low = _mm256_cvtepu8_epi16(_mm_and_si128(packed, nibble));
    const __m256i high = _mm256_cvtepu8_epi16(_mm_and_si128(_mm_srli_epi16(packed, 4), nibble));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(low, _mm256_loadu_si256((const __m256i *)(weights + i))));
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(high, _mm256_loadu_si256((const __m256i *)(weights + bytes + i))));
  }
  __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
  int32_t total = _mm_cvtsi128_si32(half);
  for (; i < bytes; i++) {
    total += (codes[i] & 15) * weights[i] + (codes[i] >> 4) * weights[bytes + i];
  }
  return total;
}
#endif
