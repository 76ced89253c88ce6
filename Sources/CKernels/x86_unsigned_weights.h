// SPDX-License-Identifier: Apache-2.0
/// For the dot products of x86, which multiply unsigned by signed bytes exactly. 128 is added to every weight, and the
/// resulting surplus of a row's sums, 128 Σ_k x[k], is subtracted again. -128 becomes 0 and 127 becomes 255; a sum of
/// 65536 products fits 32 bits.
#define ROW_OFFSETS
INLINE int32_t row_offset(const int8_t *x, ptrdiff_t stride) {
  int32_t sum = 0;
  for (ptrdiff_t p = 0; p < stride; p++) sum += x[p];
  return -128 * sum;
}
