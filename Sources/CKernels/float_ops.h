// SPDX-License-Identifier: Apache-2.0
/// The float operations, written once and compiled in every instruction set's file. `assigner_ops.h` says what each
/// does.

static float dot_f32(const float *x, const float *y, ptrdiff_t count) {
  f32x8 total = splat(0);
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) total += load(x + i) * load(y + i);
  if (i < count) total += load_some(x + i, count - i, 0) * load_some(y + i, count - i, 0);
  return sum(total);
}

INLINE void activate_with(float *x, ptrdiff_t count, int activation) {
  ptrdiff_t i = 0;
  for (; i + 16 <= count; i += 16) store_16(x + i, activated(load_16(x + i), activation));
  if (i < count) store_some_16(x + i, activated(load_some_16(x + i, count - i, 0), activation), count - i);
}

/// The switch stands outside the loops, for speed.
static void activate(float *x, ptrdiff_t count, int activation) {
  switch (activation) {
    case ASSIGNER_ACTIVATION_GELU: activate_with(x, count, ASSIGNER_ACTIVATION_GELU); break;
    case ASSIGNER_ACTIVATION_TANH: activate_with(x, count, ASSIGNER_ACTIVATION_TANH); break;
    case ASSIGNER_ACTIVATION_SILU: activate_with(x, count, ASSIGNER_ACTIVATION_SILU); break;
    case ASSIGNER_ACTIVATION_EXP: activate_with(x, count, ASSIGNER_ACTIVATION_EXP); break;
    default: break;
  }
}

// MARK: linear layers

/// `rows` × `columns` dot products at once. Both are constants after inlining.
INLINE void float_tile(const float *x, const float *w, const float *bias, float *out, ptrdiff_t n, ptrdiff_t k,
                       const int rows, const int columns) {
  f32x8 total[2][4];
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) total[c][r] = splat(0);
  ptrdiff_t i = 0;
  for (; i + 8 <= k; i += 8) {
    for (int c = 0; c < columns; c++) {
      f32x8 v = load(w + c * k + i);
      for (int r = 0; r < rows; r++) total[c][r] += load(x + r * k + i) * v;
    }
  }
  if (i < k) {
    for (int c = 0; c < columns; c++) {
      f32x8 v = load_some(w + c * k + i, k - i, 0);
      for (int r = 0; r < rows; r++) total[c][r] += load_some(x + r * k + i, k - i, 0) * v;
    }
  }
  for (int c = 0; c < columns; c++) {
    const float added = bias == NULL ? 0.0f : bias[c];
    if (rows == 4) {
      const f32x4 four = sums(total[c]) + added;
      for (int r = 0; r < 4; r++) out[r * n + c] = four[r];
    } else {
      for (int r = 0; r < rows; r++) out[r * n + c] = sum(total[c][r]) + added;
    }
  }
}

static void linear_f32(const float *x, const float *w, const float *bias, float *out, ptrdiff_t m, ptrdiff_t n,
                       ptrdiff_t k, int activation) {
  for (ptrdiff_t j = 0; j < n; j += 2) {
    const float *b = bias == NULL ? NULL : bias + j;
    ptrdiff_t i = 0;
    if (j + 2 <= n) {
      for (; i + 4 <= m; i += 4) float_tile(x + i * k, w + j * k, b, out + i * n + j, n, k, 4, 2);
      for (; i < m; i++) float_tile(x + i * k, w + j * k, b, out + i * n + j, n, k, 1, 2);
    } else {
      for (; i < m; i++) float_tile(x + i * k, w + j * k, b, out + i * n + j, n, k, 1, 1);
    }
  }
  activate(out, m * n, activation);
}

// MARK: rows

/// Up to 16 floats of a row from `i` on. Lanes beyond the end are `fill`.
INLINE f32x16 part_of(const float *row, ptrdiff_t i, ptrdiff_t columns, float fill) {
  return i + 16 <= columns ? load_16(row + i) : load_some_16(row + i, columns - i, fill);
}

INLINE void set_part_of(float *row, ptrdiff_t i, ptrdiff_t columns, f32x16 v) {
  if (i + 16 <= columns) store_16(row + i, v);
  else store_some_16(row + i, v, columns - i);
}

static void layer_norm(const float *x, const float *residual, const float *weight, const float *bias, float epsilon,
                       float *out, ptrdiff_t rows, ptrdiff_t columns) {
  const float count = (float)columns;
  for (ptrdiff_t row = 0; row < rows; row++, x += columns, out += columns) {
    f32x16 total = splat_16(0), squares = splat_16(0);
    for (ptrdiff_t i = 0; i < columns; i += 16) {
      f32x16 v = part_of(x, i, columns, 0);
      if (residual != NULL) v += part_of(residual, i, columns, 0);
      total += v;
      set_part_of(out, i, columns, v);
    }
    if (residual != NULL) residual += columns;
    const float mean = sum(total.lo + total.hi) / count;
    for (ptrdiff_t i = 0; i < columns; i += 16) {
      const f32x16 v = part_of(out, i, columns, mean) - splat_16(mean);
      squares += v * v;
    }
    const f32x16 inverse = splat_16(1.0f / sqrtf(sum(squares.lo + squares.hi) / count + epsilon));
    for (ptrdiff_t i = 0; i < columns; i += 16) {
      const f32x16 v = (part_of(out, i, columns, mean) - splat_16(mean)) * inverse;
      set_part_of(out, i, columns, v * part_of(weight, i, columns, 0) + part_of(bias, i, columns, 0));
    }
  }
}

/// Replaces up to eight rows of `count` floats (a multiple of 16) by e^(x - max), and writes one over each row's sum to
/// `inverse`. Elements from `real` on count as minus infinity and become 0. The rows are interleaved, so that no row
/// waits for its own chain of operations.
INLINE void exponentials(float *x, const ptrdiff_t *real, ptrdiff_t count, float *inverse, const int rows) {
  f32x16 top[8];
  f32x8 total[8];
  for (int r = 0; r < rows; r++) {
    for (ptrdiff_t i = real[r]; i < count; i++) x[r * count + i] = -INFINITY;
    top[r] = splat_16(-INFINITY);
    total[r] = splat(0);
  }
  for (ptrdiff_t i = 0; i < count; i += 16)
    for (int r = 0; r < rows; r++) top[r] = larger_16(load_16(x + r * count + i), top[r]);
  for (int r = 0; r < rows; r++) top[r] = splat_16(maximum(larger(top[r].hi, top[r].lo)));
  for (ptrdiff_t i = 0; i < count; i += 16) {
    for (int r = 0; r < rows; r++) {
      const f32x16 e = exponential(load_16(x + r * count + i) - top[r]);
      total[r] += e.lo;
      total[r] += e.hi;
      store_16(x + r * count + i, e);
    }
  }
  for (int r = 0; r < rows; r++) inverse[r] = 1.0f / sum(total[r]);
}

static float softmax(float *x, ptrdiff_t count) {
  if (count <= 0) return 0;
  f32x8 top = splat(-INFINITY), total = splat(0);
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) top = larger(load(x + i), top);
  if (i < count) top = larger(load_some(x + i, count - i, -INFINITY), top);
  const f32x16 largest = splat_16(maximum(top));
  for (i = 0; i < count; i += 16) {
    const f32x16 e = exponential(part_of(x, i, count, -INFINITY) - largest);
    total += e.lo;
    total += e.hi;
    set_part_of(x, i, count, e);
  }
  const float all = sum(total);
  const float inverse = 1.0f / all;
  for (i = 0; i < count; i++) x[i] *= inverse;
  return all;
}

// MARK: attention

/// Transposes `columns` columns of some rows into rows that are `padded` apart, with zeros after the last of `count`.
/// Takes four by four where possible.
INLINE void transpose(const float *rows, ptrdiff_t stride, const int32_t *chosen, ptrdiff_t count, ptrdiff_t columns,
                      float *out, ptrdiff_t padded) {
#define ROW(j) (rows + (chosen == NULL ? (j) : chosen[j]) * stride)
  ptrdiff_t j = 0;
  for (; j + 4 <= count; j += 4) {
    const float *source[4] = {ROW(j), ROW(j + 1), ROW(j + 2), ROW(j + 3)};
    ptrdiff_t d = 0;
    for (; d + 4 <= columns; d += 4) {
      f32x4 v[4], pairs[4], to[4];
      for (int r = 0; r < 4; r++) memcpy(&v[r], source[r] + d, sizeof v[r]);
      for (int r = 0; r < 2; r++) {
        pairs[r] = __builtin_shufflevector(v[r], v[r + 2], 0, 4, 1, 5);
        pairs[r + 2] = __builtin_shufflevector(v[r], v[r + 2], 2, 6, 3, 7);
      }
      for (int r = 0; r < 2; r++) {
        to[2 * r] = __builtin_shufflevector(pairs[2 * r], pairs[2 * r + 1], 0, 4, 1, 5);
        to[2 * r + 1] = __builtin_shufflevector(pairs[2 * r], pairs[2 * r + 1], 2, 6, 3, 7);
      }
      for (int r = 0; r < 4; r++) memcpy(out + (d + r) * padded + j, &to[r], sizeof to[r]);
    }
    for (; d < columns; d++)
      for (int r = 0; r < 4; r++) out[d * padded + j + r] = source[r][d];
  }
  for (ptrdiff_t d = 0; d < columns; d++) {
    for (ptrdiff_t rest = j; rest < count; rest++) out[d * padded + rest] = ROW(rest)[d];
    for (ptrdiff_t rest = count; rest < padded; rest++) out[d * padded + rest] = 0;
  }
#undef ROW
}

/// Scores of `rows` queries against 16 keys. Sums run sequentially over the head, so lanes are never added up.
INLINE void score_tile(const float *q, ptrdiff_t stride, const float *keys, ptrdiff_t padded, float *scores,
                       ptrdiff_t head_size, float scale, const int rows) {
  f32x16 total[8];
  for (int r = 0; r < rows; r++) total[r] = splat_16(0);
  for (ptrdiff_t d = 0; d < head_size; d++) {
    const f32x16 column = load_16(keys + d * padded);
    for (int r = 0; r < rows; r++) total[r] += splat_16(q[r * stride + d]) * column;
  }
  for (int r = 0; r < rows; r++) store_16(scores + r * padded, total[r] * splat_16(scale));
}

/// out[r] = Σ_j weights[r, j] v[j] × inverse[r] for several rows of weights, `padded` apart, and 16 columns of one
/// head. All sums advance together, each sequentially over j.
INLINE void mix_rows(const float *weights, ptrdiff_t padded, const float *v, ptrdiff_t stride, const int32_t *chosen,
                     float *out, ptrdiff_t keys, const float *inverse, const int rows) {
  f32x16 total[8];
  for (int r = 0; r < rows; r++) total[r] = splat_16(0);
  for (ptrdiff_t j = 0; j < keys; j++) {
    const f32x16 row = load_16(v + (chosen == NULL ? j : chosen[j]) * stride);
    for (int r = 0; r < rows; r++) total[r] += splat_16(weights[r * padded + j]) * row;
  }
  for (int r = 0; r < rows; r++) store_16(out + r * stride, total[r] * splat_16(inverse[r]));
}

/// out = Σ_j weights[j] v[j] × inverse over `columns` (≤ 32, whole registers) of one head, sequential over j.
INLINE void mix_tile(const float *weights, const float *v, ptrdiff_t stride, const int32_t *chosen, float *out,
                     ptrdiff_t keys, float inverse, const int registers) {
  f32x8 total[4];
  for (int c = 0; c < registers; c++) total[c] = splat(0);
  for (ptrdiff_t j = 0; j < keys; j++) {
    f32x8 w = splat(weights[j]);
    const float *row = v + (chosen == NULL ? j : chosen[j]) * stride;
    for (int c = 0; c < registers; c++) total[c] += w * load(row + 8 * c);
  }
  for (int c = 0; c < registers; c++) store(out + 8 * c, total[c] * splat(inverse));
}

static void mix(const float *weights, const float *v, ptrdiff_t stride, const int32_t *chosen, float *out,
                ptrdiff_t keys, ptrdiff_t head_size, float inverse) {
  ptrdiff_t c = 0;
  for (; c + 32 <= head_size; c += 32) mix_tile(weights, v + c, stride, chosen, out + c, keys, inverse, 4);
  for (; c + 8 <= head_size; c += 8) mix_tile(weights, v + c, stride, chosen, out + c, keys, inverse, 1);
  for (; c < head_size; c++) {
    float total = 0;
    for (ptrdiff_t j = 0; j < keys; j++) total += weights[j] * v[(chosen == NULL ? j : chosen[j]) * stride + c];
    out[c] = total * inverse;
  }
}

/// One head of `rows` queries, from query `first` on. `keys` are the head's keys, transposed.
INLINE void attend(const float *q, const float *keys, const float *v, float *out, float *scores, ptrdiff_t padded,
                   ptrdiff_t first, assigner_attention_shape shape, const int rows) {
  const ptrdiff_t size = shape.head_size, stride = shape.heads * size;
  const float scale = 1.0f / sqrtf((float)size);
  for (ptrdiff_t j = 0; j < padded; j += 16) score_tile(q, stride, keys + j, padded, scores + j, size, scale, rows);
  float inverse[8];
  ptrdiff_t seen[8], c = 0;
  for (int r = 0; r < rows; r++) seen[r] = shape.causal && first + r + 1 < shape.keys ? first + r + 1 : shape.keys;
  exponentials(scores, seen, padded, inverse, rows);
  if (rows > 1 && !shape.causal)
    for (; c + 16 <= size; c += 16)
      mix_rows(scores, padded, v + c, stride, shape.chosen, out + c, shape.keys, inverse, rows);
  for (int r = 0; r < rows; r++)
    mix(scores + r * padded, v + c, stride, shape.chosen, out + r * stride + c, seen[r], size - c, inverse[r]);
}

// Query rows at a time: as many as the registers hold with 16 sums each.
#ifndef QUERY_ROWS
#define QUERY_ROWS 4
#endif

static void attention(const float *q, const float *k, const float *v, float *out, float *scratch,
                      assigner_attention_shape shape) {
  const ptrdiff_t size = shape.head_size, stride = shape.heads * size, padded = (shape.keys + 15) / 16 * 16;
  float *keys = scratch, *scores = scratch + padded * size;
  for (ptrdiff_t h = 0; h < shape.heads; h++, q += size, k += size, v += size, out += size) {
    transpose(k, stride, shape.chosen, shape.keys, size, keys, padded);
    ptrdiff_t i = 0;
#define ATTEND(rows)                           \
  for (; i + rows <= shape.queries; i += rows) \
  attend(q + i * stride, keys, v, out + i * stride, scores, padded, i, shape, rows)
    ATTEND(QUERY_ROWS);
    ATTEND(4);
    ATTEND(1);
#undef ATTEND
  }
}
