/// The float operations, written once and compiled by every instruction set's file (see `assigner_ops.h` for what
/// each does).

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

/// The switch stands outside the loops.
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

/// `rows` × `columns` dot products at once; both are constants where this is inlined.
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

static void layer_norm(const float *x, const float *residual, const float *weight, const float *bias, float epsilon,
                       float *out, ptrdiff_t rows, ptrdiff_t columns) {
  const float count = (float)columns;
  for (ptrdiff_t row = 0; row < rows; row++, x += columns, out += columns) {
    f32x8 total = splat(0);
    ptrdiff_t i = 0;
    for (; i < columns; i += 8) {
      ptrdiff_t left = columns - i;
      f32x8 v = left >= 8 ? load(x + i) : load_some(x + i, left, 0);
      if (residual != NULL) v += left >= 8 ? load(residual + i) : load_some(residual + i, left, 0);
      total += v;
      if (left >= 8) store(out + i, v);
      else store_some(out + i, v, left);
    }
    if (residual != NULL) residual += columns;
    const float mean = sum(total) / count;
    f32x8 squares = splat(0);
    for (i = 0; i < columns; i += 8) {
      ptrdiff_t left = columns - i;
      f32x8 v = (left >= 8 ? load(out + i) : load_some(out + i, left, mean)) - splat(mean);
      squares += v * v;
    }
    const float inverse = 1.0f / sqrtf(sum(squares) / count + epsilon);
    for (i = 0; i + 8 <= columns; i += 8)
      store(out + i, ((load(out + i) - splat(mean)) * splat(inverse)) * load(weight + i) + load(bias + i));
    for (; i < columns; i++) out[i] = ((out[i] - mean) * inverse) * weight[i] + bias[i];
  }
}

/// e^(x - max) in place over `count` floats (a multiple of 16), of which those from `real` on are taken as minus
/// infinity and become 0. Returns their sum.
INLINE float exponentials(float *x, ptrdiff_t real, ptrdiff_t count) {
  for (ptrdiff_t i = real; i < count; i++) x[i] = -INFINITY;
  f32x8 top = splat(-INFINITY), total = splat(0);
  for (ptrdiff_t i = 0; i < count; i += 8) top = larger(load(x + i), top);
  const f32x16 largest = splat_16(maximum(top));
  for (ptrdiff_t i = 0; i < count; i += 16) {
    f32x16 e = exponential(load_16(x + i) - largest);
    total += e.lo;
    total += e.hi;
    store_16(x + i, e);
  }
  return sum(total);
}

static float softmax(float *x, ptrdiff_t count) {
  if (count <= 0) return 0;
  f32x8 top = splat(-INFINITY), total = splat(0);
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) top = larger(load(x + i), top);
  if (i < count) top = larger(load_some(x + i, count - i, -INFINITY), top);
  const f32x16 largest = splat_16(maximum(top));
  for (i = 0; i < count; i += 16) {
    const ptrdiff_t left = count - i;
    f32x16 e = exponential((left >= 16 ? load_16(x + i) : load_some_16(x + i, left, -INFINITY)) - largest);
    total += e.lo;
    total += e.hi;
    if (left >= 16) store_16(x + i, e);
    else store_some_16(x + i, e, left);
  }
  const float all = sum(total);
  const float inverse = 1.0f / all;
  for (i = 0; i < count; i++) x[i] *= inverse;
  return all;
}

// MARK: attention

/// Scores of `rows` queries against 16 keys: sequential over the head, so no lanes are ever added up.
INLINE void score_tile(const float *q, ptrdiff_t stride, const float *keys, ptrdiff_t padded, float *scores,
                       ptrdiff_t head_size, float scale, const int rows) {
  f32x16 total[4];
  for (int r = 0; r < rows; r++) total[r] = splat_16(0);
  for (ptrdiff_t d = 0; d < head_size; d++) {
    const f32x16 column = load_16(keys + d * padded);
    for (int r = 0; r < rows; r++) total[r] += splat_16(q[r * stride + d]) * column;
  }
  for (int r = 0; r < rows; r++) store_16(scores + r * padded, total[r] * splat_16(scale));
}

/// out[r] = Σ_j weights[r, j] v[j] × inverse[r] for four rows of weights, `padded` apart, and 16 columns of one head: eight sums
/// under way at once, each sequential over j.
INLINE void mix_rows(const float *weights, ptrdiff_t padded, const float *v, ptrdiff_t stride, const int32_t *chosen,
                     float *out, ptrdiff_t keys, const float *inverse) {
  f32x16 total[4];
  for (int r = 0; r < 4; r++) total[r] = splat_16(0);
  for (ptrdiff_t j = 0; j < keys; j++) {
    const f32x16 row = load_16(v + (chosen == NULL ? j : chosen[j]) * stride);
    for (int r = 0; r < 4; r++) total[r] += splat_16(weights[r * padded + j]) * row;
  }
  for (int r = 0; r < 4; r++) store_16(out + r * stride, total[r] * splat_16(inverse[r]));
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

static void attention(const float *q, const float *k, const float *v, float *out, float *scratch,
                      assigner_attention_shape shape) {
  const ptrdiff_t size = shape.head_size, stride = shape.heads * size, padded = (shape.keys + 15) / 16 * 16;
  const float scale = 1.0f / sqrtf((float)size);
  float *keys = scratch, *scores = scratch + padded * size;
  for (ptrdiff_t h = 0; h < shape.heads; h++) {
    for (ptrdiff_t d = 0; d < size; d++) {
      for (ptrdiff_t j = 0; j < shape.keys; j++) {
        const ptrdiff_t row = shape.chosen == NULL ? j : shape.chosen[j];
        keys[d * padded + j] = k[row * stride + h * size + d];
      }
      for (ptrdiff_t j = shape.keys; j < padded; j++) keys[d * padded + j] = 0;
    }
    for (ptrdiff_t i = 0; i < shape.queries; i += 4) {
      const int rows = shape.queries - i < 4 ? (int)(shape.queries - i) : 4;
      const float *queries = q + i * stride + h * size;
      for (ptrdiff_t j = 0; j < padded; j += 16) {
        if (rows == 4) {
          score_tile(queries, stride, keys + j, padded, scores + j, size, scale, 4);
        } else {
          for (int r = 0; r < rows; r++)
            score_tile(queries + r * stride, stride, keys + j, padded, scores + r * padded + j, size, scale, 1);
        }
      }
      float inverse[4];
      ptrdiff_t seen[4], c = 0;
      for (int r = 0; r < rows; r++) {
        seen[r] = shape.causal && i + r + 1 < shape.keys ? i + r + 1 : shape.keys;
        inverse[r] = 1.0f / exponentials(scores + r * padded, seen[r], padded);
      }
      const float *values = v + h * size;
      float *mixed = out + i * stride + h * size;
      if (rows == 4 && !shape.causal)
        for (; c + 16 <= size; c += 16)
          mix_rows(scores, padded, values + c, stride, shape.chosen, mixed + c, shape.keys, inverse);
      for (int r = 0; r < rows; r++)
        mix(scores + r * padded, values + c, stride, shape.chosen, mixed + r * stride + c, seen[r], size - c, inverse[r]);
    }
  }
}
