// SPDX-License-Identifier: Apache-2.0
/// The index scans with NEON, whose table look-up `tbl` takes 16 rows at once.
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

void assigner_pq_scan_neon(const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks, uint16_t *sums,
                           uint16_t least, uint32_t *found) {
  const uint8x16_t nibble = vdupq_n_u8(15);
  const uint16x8_t bits = {1, 2, 4, 8, 16, 32, 64, 128};
  for (size_t block = 0; block < blocks; block++) {
    uint16x8_t total[4] = {vdupq_n_u16(0), vdupq_n_u16(0), vdupq_n_u16(0), vdupq_n_u16(0)};
    for (size_t pair = 0; pair < pairs; pair++) {
      const uint8x16_t low_table = vld1q_u8(tables + pair * 32), high_table = vld1q_u8(tables + pair * 32 + 16);
      for (int half = 0; half < 2; half++) {
        const uint8x16_t bytes = vld1q_u8(codes + half * 16);
        const uint8x16_t low = vqtbl1q_u8(low_table, vandq_u8(bytes, nibble));
        const uint8x16_t high = vqtbl1q_u8(high_table, vshrq_n_u8(bytes, 4));
        total[half * 2] = vaddq_u16(total[half * 2], vaddl_u8(vget_low_u8(low), vget_low_u8(high)));
        total[half * 2 + 1] = vaddq_u16(total[half * 2 + 1], vaddl_high_u8(low, high));
      }
      codes += ASSIGNER_SCAN_BLOCK;
    }
    for (int part = 0; part < 4; part++) vst1q_u16(sums + block * ASSIGNER_SCAN_BLOCK + part * 8, total[part]);
    found[block] = 0;
    for (int part = 0; part < 4; part++)
      found[block] |= (uint32_t)vaddvq_u16(vandq_u16(vcgeq_u16(total[part], vdupq_n_u16(least)), bits)) << part * 8;
  }
}

int32_t assigner_dot_u4_i16_neon(const uint8_t *codes, const int16_t *weights, size_t bytes) {
  int32x4_t sum = vdupq_n_s32(0);
  size_t i = 0;
  for (; i + 8 <= bytes; i += 8) {
    const uint8x8_t packed = vld1_u8(codes + i);
    const int16x8_t low = vreinterpretq_s16_u16(vmovl_u8(vand_u8(packed, vdup_n_u8(15))));
    const int16x8_t high = vreinterpretq_s16_u16(vmovl_u8(vshr_n_u8(packed, 4)));
    const int16x8_t first = vld1q_s16(weights + i), second = vld1q_s16(weights + bytes + i);
    sum = vmlal_s16(sum, vget_low_s16(low), vget_low_s16(first));
    sum = vmlal_high_s16(sum, low, first);
    sum = vmlal_s16(sum, vget_low_s16(high), vget_low_s16(second));
    sum = vmlal_high_s16(sum, high, second);
  }
  int32_t total = vaddvq_s32(sum);
  for (; i < bytes; i++) {
    total += (codes[i] & 15) * weights[i] + (codes[i] >> 4) * weights[bytes + i];
  }
  return total;
}
#endif
