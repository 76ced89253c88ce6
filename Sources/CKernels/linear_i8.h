// SPDX-License-Identifier: Apache-2.0
/// Linear layers in int8, written once and compiled in every instruction set's file. That file has defined, for the
/// panels of `assigner_ops.h`,
///
///     panel_i8(x, stride, panel, chunks, rows, sums, panels)
///
/// which writes sums[SUMS_STRIDE i + j] = Σ_k x[i, k] w[j, k] - row_offset(x + i stride). It may define
///
///     PANELS           the panels that it takes at once, 1 or 2 of them; otherwise 1
///     OWN_INPUT_BYTES  the size of an input in a form of its own, which `own_inputs(x, own, count)` writes
///     ROW_OFFSETS      if its multiplication of signed bytes omits a term, which is then `row_offset(x, stride)`
///     ACTIVATED_ROWS   the rows of a block if an activation follows, instead of BLOCK_ROWS
///
/// It defines PANELS_NEED_SETUP if it must prepare for a block of rows:
///
///     begin_panels(rows, chunks)   before panels of that many chunks are multiplied by at most BLOCK_ROWS rows
///     end_panels()                 after the last of them

#ifndef PANELS
#define PANELS 1
#endif
/// From a row of sums to the next.
enum { SUMS_STRIDE = PANELS * ASSIGNER_PANEL };

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

#ifdef OWN_INPUT_BYTES
/// Room for one row of the largest k.
enum { OWN_BYTES = 65536 * OWN_INPUT_BYTES };
#else
#define OWN_INPUT_BYTES 0
enum { OWN_BYTES = 1 };
INLINE void own_inputs(const int8_t *x, int8_t *own, ptrdiff_t count) {}
#endif

#ifndef PANELS_NEED_SETUP
INLINE void begin_panels(ptrdiff_t rows, ptrdiff_t chunks) {}
INLINE void end_panels(void) {}
#endif

/// Converts one row of a panel's sums to floats.
INLINE f32x16 scaled_sums(const int32_t *sums, int32_t offset, float x_scale, f32x16 w_scale, f32x16 bias,
                          int activation) {
  i32x16 s;
  memcpy(&s, sums, sizeof s);
  if (HAS_OFFSETS) s += offset;
  return activated(__builtin_convertvector(s, f32x16) * (splat_16(x_scale) * w_scale) + bias, activation);
}

/// Converts a panel's sums of at most 64 rows to floats.
INLINE void scale_panel(const int32_t *sums, const int32_t *offsets, const float *x_scales, const float *w_scales,
                        const float *bias, float *out, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t n, int activation) {
  if (columns == ASSIGNER_PANEL) {
    const f32x16 w_scale = load_16(w_scales), added = bias == NULL ? splat_16(0) : load_16(bias);
    for (ptrdiff_t i = 0; i < rows; i++, sums += SUMS_STRIDE, out += n)
      store_16(out, scaled_sums(sums, offsets[i], x_scales[i], w_scale, added, activation));
  } else {
    const f32x16 w_scale = load_some_16(w_scales, columns, 0);
    const f32x16 added = bias == NULL ? splat_16(0) : load_some_16(bias, columns, 0);
    for (ptrdiff_t i = 0; i < rows; i++, sums += SUMS_STRIDE, out += n)
      store_some_16(out, scaled_sums(sums, offsets[i], x_scales[i], w_scale, added, activation), columns);
  }
}

/// What becomes of the sums: floats of a layer, or, for tests, the integers themselves.
typedef struct {
  const float *x_scales, *w_scales, *bias;
  float *out;
  int activation;
  int32_t *integers;  ///< NULL: floats are wanted
} destination;

/// Writes one panel's sums: rows from `i`, columns from `j` on.
INLINE void write_panel(destination to, const int32_t *sums, const int32_t *offsets, ptrdiff_t i, ptrdiff_t rows,
                        ptrdiff_t j, ptrdiff_t n) {
  const ptrdiff_t columns = n - j < ASSIGNER_PANEL ? n - j : ASSIGNER_PANEL;
  if (to.integers != NULL) {
    for (ptrdiff_t r = 0; r < rows; r++)
      for (ptrdiff_t l = 0; l < columns; l++)
        to.integers[(i + r) * n + j + l] = sums[r * SUMS_STRIDE + l] + (HAS_OFFSETS ? offsets[r] : 0);
    return;
  }
  const float *bias = to.bias == NULL ? NULL : to.bias + j;
#define SCALE(activation) \
  scale_panel(sums, offsets, to.x_scales + i, to.w_scales + j, bias, to.out + i * n + j, rows, columns, n, activation)
  switch (to.activation) {
    case ASSIGNER_ACTIVATION_NONE: SCALE(ASSIGNER_ACTIVATION_NONE); break;
    case ASSIGNER_ACTIVATION_GELU: SCALE(ASSIGNER_ACTIVATION_GELU); break;
    default: SCALE(to.activation);
  }
#undef SCALE
}

static void multiply_i8(const int8_t *x, const int8_t *w, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, destination to) {
  int32_t sums[BLOCK_ROWS * SUMS_STRIDE], offsets[BLOCK_ROWS];
  int8_t own[OWN_BYTES];
  const ptrdiff_t stride = assigner_input_stride(k), chunks = (k + ASSIGNER_CHUNK - 1) / ASSIGNER_CHUNK;
  const ptrdiff_t own_stride = stride * OWN_INPUT_BYTES, panel_bytes = chunks * ASSIGNER_PANEL * ASSIGNER_CHUNK;
  ptrdiff_t most = to.activation == ASSIGNER_ACTIVATION_NONE ? BLOCK_ROWS : ACTIVATED_ROWS;
  if (own_stride * most > OWN_BYTES) most = OWN_BYTES / own_stride;
  for (ptrdiff_t i = 0; i < m; i += most, x += most * stride) {
    const ptrdiff_t rows = m - i < most ? m - i : most;
    for (ptrdiff_t r = 0; r < rows; r++) offsets[r] = row_offset(x + r * stride, stride);
    own_inputs(x, own, rows * stride);
    begin_panels(rows, chunks);
    for (ptrdiff_t j = 0; j < n; j += PANELS * ASSIGNER_PANEL) {
      const ptrdiff_t panels = n - j > (PANELS - 1) * ASSIGNER_PANEL ? PANELS : 1;
      panel_i8(own_stride > 0 ? own : x, own_stride > 0 ? own_stride : stride, w + j / ASSIGNER_PANEL * panel_bytes,
               chunks, rows, sums, panels);
      for (ptrdiff_t p = 0; p < panels; p++)
        write_panel(to, sums + p * ASSIGNER_PANEL, offsets, i, rows, j + p * ASSIGNER_PANEL, n);
    }
    end_panels();
  }
}

static void linear_i8(const int8_t *x, const float *x_scales, const int8_t *w, const float *w_scales, const float *bias,
                      float *out, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, int activation) {
  multiply_i8(x, w, m, n, k, (destination){x_scales, w_scales, bias, out, activation, NULL});
}

/// The int32 sums that `linear_i8` converts to floats, for tests.
static void gemm_i8(const int8_t *x, const int8_t *w, int32_t *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  multiply_i8(x, w, m, n, k, (destination){.integers = c});
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
