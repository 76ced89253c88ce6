// SPDX-License-Identifier: Apache-2.0
/// The operations of the layers. All float matrices are row-major and dense.
///
/// Every path gives the same bits: int32 sums are exact; float operations are written once (`float_ops.h`), with a
/// fixed order of additions and without fused multiply-add, and compiled once per set. The result of a row never
/// depends on other rows of the call, so a batch never changes an answer. No operation allocates, and none traps on any
/// float value, NaN included.
#ifndef ASSIGNER_OPS_H
#define ASSIGNER_OPS_H

#include <stddef.h>
#include <stdint.h>

/// The function that a linear layer applies to each output.
enum {
  ASSIGNER_ACTIVATION_NONE = 0,
  ASSIGNER_ACTIVATION_GELU = 1,  ///< x Φ(x), the erf form; |error| ≤ 2e-6.
  ASSIGNER_ACTIVATION_TANH = 2,  ///< |error| ≤ 2e-6.
  ASSIGNER_ACTIVATION_SILU = 3,  ///< x / (1 + e^-x).
  ASSIGNER_ACTIVATION_EXP = 4,   ///< e^x; relative error ≤ 2e-6, 0 below -87.3, clamped above 88.3.
};

/// The layout of a linear layer's int8 matrix w [n, k], in the model file and in memory: panels of 16 outputs, each of
/// which is a run of chunks of 4 inputs,
///
///     [ceil(n / 16)][ceil(k / 4)][16][4], zeros beyond n and k.
///
/// A chunk is 64 bytes: one register of AVX-512, two of AVX2, four of NEON. Sixteen chunks are a tile of AMX. Every
/// 32-bit lane then adds up products of one output, so that no instruction set needs to fold or shuffle. A panel is
/// read once, in order.
enum { ASSIGNER_PANEL = 16, ASSIGNER_CHUNK = 4 };

/// Bytes from one row of quantised inputs to the next: k rounded up to 16, so that the kernels read whole registers.
static inline ptrdiff_t assigner_input_stride(ptrdiff_t k) { return (k + 15) / 16 * 16; }

/// The sizes of one multi-head attention. There are keys and values for real tokens only, so there is no padding mask.
typedef struct {
  ptrdiff_t queries;  ///< rows of q and out
  ptrdiff_t keys;     ///< rows of k and v
  ptrdiff_t heads;
  ptrdiff_t head_size;  ///< columns of every matrix = heads × head_size
  int causal;           ///< query i sees keys 0…i only
  /// Key j is row chosen[j] of k and v, so that beams share common rows; NULL: row j.
  const int32_t *_Nullable chosen;
} assigner_attention_shape;

/// One instruction set's operations.
typedef struct {
  /// c[i, j] = Σ_k x[i, k] w[j, k] of quantised rows x and a packed w, exact for x in ±127 and w in -128…127 (k ≤ 65536).
  void (*_Nonnull gemm_i8)(const int8_t *_Nonnull x, const int8_t *_Nonnull w, int32_t *_Nonnull c, ptrdiff_t m,
                           ptrdiff_t n, ptrdiff_t k);
  /// out[i, j] = activation(float(Σ_k x[i, k] w[j, k]) × (x_scales[i] × w_scales[j]) + bias[j]), with x and w as above.
  void (*_Nonnull linear_i8)(const int8_t *_Nonnull x, const float *_Nonnull x_scales, const int8_t *_Nonnull w,
                             const float *_Nonnull w_scales, const float *_Nullable bias, float *_Nonnull out,
                             ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, int activation);
  /// out[i, j] = activation(Σ_k x[i, k] w[j, k] + bias[j]): 8 partial sums over k mod 8, added as a tree.
  void (*_Nonnull linear_f32)(const float *_Nonnull x, const float *_Nonnull w, const float *_Nullable bias,
                              float *_Nonnull out, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, int activation);
  /// Symmetric quantisation per row of y = x × input_scales (by column; NULL: all ones): scale = max|y| / 127, q =
  /// round to even(y / scale) in ±127. A row of zeros has scale 0. Rows of q are `assigner_input_stride` apart, padded
  /// with zeros.
  void (*_Nonnull quantize_rows)(const float *_Nonnull x, const float *_Nullable input_scales, int8_t *_Nonnull q,
                                 float *_Nonnull scales, ptrdiff_t rows, ptrdiff_t columns);
  /// out = (y - mean) / sqrt(variance + epsilon) × weight + bias with y = x + residual; out may be x or residual.
  void (*_Nonnull layer_norm)(const float *_Nonnull x, const float *_Nullable residual, const float *_Nonnull weight,
                              const float *_Nonnull bias, float epsilon, float *_Nonnull out, ptrdiff_t rows,
                              ptrdiff_t columns);
  /// softmax(q kᵀ / sqrt(head_size)) v, head by head. `scratch` holds `assigner_attention_scratch` floats.
  void (*_Nonnull attention)(const float *_Nonnull q, const float *_Nonnull k, const float *_Nonnull v,
                             float *_Nonnull out, float *_Nonnull scratch, assigner_attention_shape shape);
  /// In place; returns the sum of e^(x - max) before dividing.
  float (*_Nonnull softmax)(float *_Nonnull x, ptrdiff_t count);
  /// In place, elementwise.
  void (*_Nonnull activate)(float *_Nonnull x, ptrdiff_t count, int activation);
  /// 8 partial sums over i mod 8, added as a tree.
  float (*_Nonnull dot_f32)(const float *_Nonnull x, const float *_Nonnull y, ptrdiff_t count);
} assigner_ops;

/// The operations of one instruction set; NULL if this build or this processor lacks it.
const assigner_ops *_Nullable assigner_ops_for(int isa);

/// The operations of `assigner_isa()`.
const assigner_ops *_Nonnull assigner_ops_active(void);

/// The floats of scratch that `attention` needs: one head's transposed keys, and eight rows of weights.
static inline ptrdiff_t assigner_attention_scratch(ptrdiff_t keys, ptrdiff_t head_size) {
  ptrdiff_t padded = (keys + 15) / 16 * 16;
  return padded * (head_size + 8);
}

#endif
