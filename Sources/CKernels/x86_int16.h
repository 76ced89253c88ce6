// SPDX-License-Identifier: Apache-2.0
/// Products without a dot product of bytes: inputs and weights become 16-bit integers, exact for any bytes. `madd` adds two
/// products, so an output's sum is spread over two lanes until the end. A product of bytes (`maddubs`) would take as many
/// instructions for a pair and one more multiplication, for it is unsigned × signed and saturates: the weight's sign must
/// first be moved to the input.

/// The inputs as integers of 16 bits.
#define OWN_INPUT_BYTES 2
INLINE void own_inputs(const int8_t *x, int8_t *own, ptrdiff_t count) {
  typedef int8_t i8x16 __attribute__((ext_vector_type(16)));
  typedef int16_t i16x16 __attribute__((ext_vector_type(16)));
  for (ptrdiff_t i = 0; i < count; i += 16) {
    i8x16 bytes;
    memcpy(&bytes, x + i, sizeof bytes);
    const i16x16 words = __builtin_convertvector(bytes, i16x16);
    memcpy(own + i * OWN_INPUT_BYTES, &words, sizeof words);
  }
}
