// SPDX-License-Identifier: Apache-2.0
/// Linear layers in int8, written once and compiled in every instruction set's file. That file has defined, for the
/// panels of `assigner_ops.h`,
///
///     panel_i8(x, stride, panel, chunks, rows, sums)   sums[16 i + j] = Σ_k x[i, k] w[j, k] - row_offset(x + i stride)
///
/// It defines ROW_OFFSETS if its multiplication of signed bytes omits a term, which is then
///
///     row_offset(x, stride)
///
/// It defines PANELS_NEED_SETUP if it must prepare for a block of rows:
///
///     begin_panels(rows, chunks)   before panels of that many chunks are multiplied by at most BLOCK_ROWS rows
///     end_panels()                 after the last of them
///
/// It may define ACTIVATED_ROWS: the rows of a block if an activation follows, instead of BLOCK_ROWS.

/// Rows whose sums lie on the stack at once. A panel of weights (24 KiB at k = 1536) then serves them all from the L1
/// cache, and the sums are converted to floats there.
enum { BLOCK_ROWS = 64 };
#ifndef ACTIVATED_ROWS
#define ACTIVATED_ROWS BLOCK_ROWS
#endif

#ifdef ROW_OFFSETS
enum { HAS_OFFSETS = 1 };
#else
enum { HAS_OFFSETS = 0 };
INLINE int32_t row_offset(const int8_t *x, ptrdiff_t stride) { return 0; }
#endif

#ifndef PANELS_NEED_SETUP
INLINE void begin_panels(ptrdiff_t rows, ptrdiff_t chunks) {}
INLINE void end_panels(void) {}
#endif

/// Converts a block of sums, at most 64 × 16, to floats.
INLINE void scale_panel(const int32_t *sums, const int32_t *offsets, const float *x_scales, const float *w_scales,
                        const float *bias, float *out, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t n, int activation) {
  const int whole = columns == ASSIGNER_PANEL;
  const f32x16 w_scale = whole ? load_16(w_scales) : load_some_16(w_scales, columns, 0);
  const f32x16 added = bias == NULL ? splat_16(0) : whole ? load_16(bias) : load_some_16(bias, columns, 0);
  for (ptrdiff_t i = 0; i < rows; i++) {
    i32x16 s;
    memcpy(&s, sums + i * ASSIGNER_PANEL, sizeof s);
    if (HAS_OFFSETS) s += offsets[i];
    f32x16 y = __builtin_convertvector(s, f32x16) * (splat_16(x_scales[i]) * w_scale) + added;
    y = activated(y, activation);
    if (whole) store_16(out + i * n, y);
    else store_some_16(out + i * n, y, columns);
  }
}

static void linear_i8(const int8_t *x, const float *x_scales, const int8_t *w, const float *w_scales, const float *bias,
                      float *out, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, int activation) {
  int32_t sums[BLOCK_ROWS * ASSIGNER_PANEL], offsets[BLOCK_ROWS];
  const ptrdiff_t stride = assigner_input_stride(k), chunks = (k + ASSIGNER_CHUNK - 1) / ASSIGNER_CHUNK;
  const ptrdiff_t most = activation == ASSIGNER_ACTIVATION_NONE ? BLOCK_ROWS : ACTIVATED_ROWS;
  for (ptrdiff_t i = 0; i < m; i += most, x += most * stride) {
    const ptrdiff_t rows = m - i < most ? m - i : most;
    for (ptrdiff_t r = 0; r < rows; r++) offsets[r] = row_offset(x + r * stride, stride);
    const int8_t *panel = w;
    begin_panels(rows, chunks);
    for (ptrdiff_t j = 0; j < n; j += ASSIGNER_PANEL, panel += chunks * ASSIGNER_PANEL * ASSIGNER_CHUNK) {
      const ptrdiff_t columns = n - j < ASSIGNER_PANEL ? n - j : ASSIGNER_PANEL;
      const float *b = bias == NULL ? NULL : bias + j;
      float *block = out + i * n + j;
      panel_i8(x, stride, panel, chunks, rows, sums);
      switch (activation) {
        case ASSIGNER_ACTIVATION_NONE:
          scale_panel(sums, offsets, x_scales + i, w_scales + j, b, block, rows, columns, n, ASSIGNER_ACTIVATION_NONE);
          break;
        case ASSIGNER_ACTIVATION_GELU:
          scale_panel(sums, offsets, x_scales + i, w_scales + j, b, block, rows, columns, n, ASSIGNER_ACTIVATION_GELU);
          break;
        default: scale_panel(sums, offsets, x_scales + i, w_scales + j, b, block, rows, columns, n, activation);
      }
    }
    end_panels();
  }
}

/// The int32 sums that `linear_i8` converts to floats, for tests.
static void gemm_i8(const int8_t *x, const int8_t *w, int32_t *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  int32_t sums[BLOCK_ROWS * ASSIGNER_PANEL];
  const ptrdiff_t stride = assigner_input_stride(k), chunks = (k + ASSIGNER_CHUNK - 1) / ASSIGNER_CHUNK;
  for (ptrdiff_t i = 0; i < m; i += BLOCK_ROWS, x += BLOCK_ROWS * stride) {
    const ptrdiff_t rows = m - i < BLOCK_ROWS ? m - i : BLOCK_ROWS;
    begin_panels(rows, chunks);
    for (ptrdiff_t j = 0; j < n; j += ASSIGNER_PANEL) {
      const ptrdiff_t columns = n - j < ASSIGNER_PANEL ? n - j : ASSIGNER_PANEL;
      panel_i8(x, stride, w + j * chunks * ASSIGNER_CHUNK, chunks, rows, sums);
      for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t l = 0; l < columns; l++)
          c[(i + r) * n + j + l] = sums[r * ASSIGNER_PANEL + l] + row_offset(x + r * stride, stride);
    }
    end_panels();
  }
}

/// Up to 16 columns of a row from `i` on, and none from `end` on, multiplied by their scales (NULL: 1).
INLINE f32x16 scaled(const float *x, const float *input_scales, ptrdiff_t i, ptrdiff_t end) {
  const f32x16 v = part_of(x, i, end, 0);
  return input_scales == NULL ? v : v * part_of(input_scales, i, end, 0);
}

INLINE void quantize_16(f32x16 x, f32x16 inverse, int8_t *q) {
  typedef int8_t i8x16 __attribute__((ext_vector_type(16)));
  // Clamped as integers, so that NaN and infinity also land in ±127, which the products rely on.
  i32x16 r = (i32x16)((u32x16)(x * inverse + splat_16(12582912.0f)) - 0x4b400000u);
  r = r > 127 ? (i32x16)127 : r;
  r = r < -127 ? (i32x16)-127 : r;
  const i8x16 bytes = __builtin_convertvector(r, i8x16);
  memcpy(q, &bytes, sizeof bytes);
}

INLINE void quantize_rows_with(const float *x, const float *input_scales, int8_t *q, float *scales, ptrdiff_t rows,
                               ptrdiff_t columns) {
  const ptrdiff_t whole = columns & -16, stride = assigner_input_stride(columns);
  for (ptrdiff_t row = 0; row < rows; row++, x += columns, q += stride) {
    f32x16 top = splat_16(0), other = splat_16(0);
    ptrdiff_t i = 0;
    for (; i + 32 <= columns; i += 32) {
      top = larger_16(magnitude_16(scaled(x, input_scales, i, i + 16)), top);
      other = larger_16(magnitude_16(scaled(x, input_scales, i + 16, i + 32)), other);
    }
    for (; i < columns; i += 16) top = larger_16(magnitude_16(scaled(x, input_scales, i, columns)), top);
    top = larger_16(top, other);
    const float largest = maximum(larger(top.hi, top.lo));
    scales[row] = largest / 127.0f;
    const f32x16 inverse = splat_16(largest > 0 ? 127.0f / largest : 0.0f);
    for (i = 0; i < whole; i += 16) quantize_16(scaled(x, input_scales, i, i + 16), inverse, q + i);
    // The zeros after the last column stay.
    if (i < columns) quantize_16(scaled(x, input_scales, i, columns), inverse, q + i);
  }
}

static void quantize_rows(const float *x, const float *input_scales, int8_t *q, float *scales, ptrdiff_t rows,
                          ptrdiff_t columns) {
  if (input_scales == NULL) quantize_rows_with(x, NULL, q, scales, rows, columns);
  else quantize_rows_with(x, input_scales, q, scales, rows, columns);
}

#define OPS_TABLE \
  { gemm_i8, linear_i8, linear_f32, quantize_rows, layer_norm, attention, softmax, activate, dot_f32 }
