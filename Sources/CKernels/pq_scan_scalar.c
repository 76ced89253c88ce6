// SPDX-License-Identifier: Apache-2.0
/// The index scans in portable C. They define the results of the other files.
#include "kernels.h"

void assigner_pq_scan_scalar(const uint8_t *codes, const uint8_t *tables, size_t pairs, size_t blocks, uint16_t *sums,
                             uint16_t least, uint32_t *found) {
  for (size_t i = 0; i < blocks * ASSIGNER_SCAN_BLOCK; i++) sums[i] = 0;
  // Looks up both codes of a byte at once: half the look-ups, in a table of 512 bytes that stays in the L1 cache.
  uint16_t both[256];
  for (size_t pair = 0; pair < pairs; pair++) {
    const uint8_t *low = tables + pair * 32;
    const uint8_t *high = low + 16;
    for (int byte = 0; byte < 256; byte++) both[byte] = (uint16_t)(low[byte & 15] + high[byte >> 4]);
    for (size_t block = 0; block < blocks; block++) {
      const uint8_t *bytes = codes + (block * pairs + pair) * ASSIGNER_SCAN_BLOCK;
      uint16_t *out = sums + block * ASSIGNER_SCAN_BLOCK;
      for (int row = 0; row < ASSIGNER_SCAN_BLOCK; row++) out[row] = (uint16_t)(out[row] + both[bytes[row]]);
    }
  }
  for (size_t block = 0; block < blocks; block++) {
    const uint16_t *block_sums = sums + block * ASSIGNER_SCAN_BLOCK;
    found[block] = 0;
    for (int row = 0; row < ASSIGNER_SCAN_BLOCK; row++) found[block] |= (uint32_t)(block_sums[row] >= least) << row;
  }
}

int32_t assigner_dot_u4_i16_scalar(const uint8_t *codes, const int16_t *weights, size_t bytes) {
  int32_t sum = 0;
  for (size_t i = 0; i < bytes; i++) {
    sum += (codes[i] & 15) * weights[i] + (codes[i] >> 4) * weights[bytes + i];
  }
  return sum;
}
