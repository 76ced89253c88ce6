// SPDX-License-Identifier: Apache-2.0
/// Eight floats at a time in plain C: the compiler makes two SSE or NEON registers of them, or one AVX register.
/// Arithmetic is IEEE, lane by lane, in the order written, so every path gives the same bits. Included in each
/// instruction set's file, under its target attribute.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// No fused multiply-add: ARM has it at baseline, x86-64 does not.
#pragma STDC FP_CONTRACT OFF
// These vectors never cross a call, because everything here is inlined. So their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline, unused))

typedef float f32x8 __attribute__((ext_vector_type(8)));
typedef uint32_t u32x8 __attribute__((ext_vector_type(8)));
typedef int32_t i32x8 __attribute__((ext_vector_type(8)));

INLINE f32x8 splat(float x) { return (f32x8){x, x, x, x, x, x, x, x}; }
INLINE f32x8 load(const float *p) {
  f32x8 v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void store(float *p, f32x8 v) { memcpy(p, &v, sizeof v); }

/// The first `count` < 8 floats; the other lanes are `fill`.
INLINE f32x8 load_some(const float *p, ptrdiff_t count, float fill) {
  float lanes[8];
  for (int i = 0; i < 8; i++) lanes[i] = i < count ? p[i] : fill;
  return load(lanes);
}

INLINE void store_some(float *p, f32x8 v, ptrdiff_t count) {
  float lanes[8];
  store(lanes, v);
  for (ptrdiff_t i = 0; i < count; i++) p[i] = lanes[i];
}

INLINE f32x8 larger(f32x8 a, f32x8 b) { return a > b ? a : b; }
INLINE f32x8 smaller(f32x8 a, f32x8 b) { return a < b ? a : b; }
INLINE f32x8 magnitude(f32x8 x) { return (f32x8)((i32x8)x & 0x7fffffff); }

typedef float f32x4 __attribute__((ext_vector_type(4)));

/// ((0+4) + (2+6)) + ((1+5) + (3+7)).
INLINE float sum(f32x8 v) {
  const f32x4 four = v.lo + v.hi;
  return (four.x + four.z) + (four.y + four.w);
}

/// The same sums of four vectors at once.
INLINE f32x4 sums(const f32x8 v[4]) {
  f32x4 four[4];
  for (int i = 0; i < 4; i++) four[i] = v[i].lo + v[i].hi;
  const f32x4 a = __builtin_shufflevector(four[0], four[1], 0, 1, 4, 5) +
                  __builtin_shufflevector(four[0], four[1], 2, 3, 6, 7);
  const f32x4 b = __builtin_shufflevector(four[2], four[3], 0, 1, 4, 5) +
                  __builtin_shufflevector(four[2], four[3], 2, 3, 6, 7);
  return __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
}

INLINE float maximum(f32x8 v) {
  const f32x4 four = v.lo > v.hi ? v.lo : v.hi;
  const float a = four.x > four.z ? four.x : four.z, b = four.y > four.w ? four.y : four.w;
  return a > b ? a : b;
}

/// Sixteen floats at a time, for functions that are one long chain of operations. While one register of eight waits for
/// a result, the processor works on the other.
typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t u32x16 __attribute__((ext_vector_type(16)));
typedef int32_t i32x16 __attribute__((ext_vector_type(16)));

INLINE f32x16 splat_16(float x) { return (f32x16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
INLINE f32x16 load_16(const float *p) {
  f32x16 v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void store_16(float *p, f32x16 v) { memcpy(p, &v, sizeof v); }

/// The first `count` < 16 floats; the other lanes are `fill`.
INLINE f32x16 load_some_16(const float *p, ptrdiff_t count, float fill) {
  float lanes[16];
  for (int i = 0; i < 16; i++) lanes[i] = i < count ? p[i] : fill;
  return load_16(lanes);
}

INLINE void store_some_16(float *p, f32x16 v, ptrdiff_t count) {
  float lanes[16];
  store_16(lanes, v);
  for (ptrdiff_t i = 0; i < count; i++) p[i] = lanes[i];
}

INLINE f32x16 larger_16(f32x16 a, f32x16 b) { return a > b ? a : b; }
INLINE f32x16 smaller_16(f32x16 a, f32x16 b) { return a < b ? a : b; }
INLINE f32x16 magnitude_16(f32x16 x) { return (f32x16)((i32x16)x & 0x7fffffff); }

/// e^x = 2^n e^r with |r| ≤ ln 2 / 2, by a polynomial of degree 6 (Cephes expf, Moshier). 0 below -87.3.
INLINE f32x16 exponential(f32x16 x) {
  const f32x16 magic = splat_16(12582912.0f);  // 1.5 × 2^23: adding it rounds to the nearest integer
  f32x16 y = smaller_16(larger_16(x, splat_16(-87.3f)), splat_16(88.3f));
  f32x16 shifted = y * splat_16(1.44269504f) + magic;
  i32x16 n = (i32x16)((u32x16)shifted - 0x4b400000u);
  f32x16 whole = shifted - magic;
  f32x16 r = (y - whole * splat_16(0.693359375f)) - whole * splat_16(-2.12194440e-4f);
  f32x16 p = splat_16(1.9875691500e-4f);
  p = p * r + splat_16(1.3981999507e-3f);
  p = p * r + splat_16(8.3334519073e-3f);
  p = p * r + splat_16(4.1665795894e-2f);
  p = p * r + splat_16(1.6666665459e-1f);
  p = p * r + splat_16(5.0000001201e-1f);
  p = (p * (r * r) + r) + splat_16(1.0f);
  // NaN leaves garbage in n. Unsigned arithmetic keeps the shift defined.
  f32x16 power = (f32x16)(((u32x16)n + 127u) << 23u);
  f32x16 result = p * power;
  return x < splat_16(-87.3f) ? splat_16(0.0f) : result;
}

/// 1 - 2 / (e^(2|x|) + 1), with the sign of x.
INLINE f32x16 hyperbolic_tangent(f32x16 x) {
  f32x16 a = magnitude_16(x);
  f32x16 t = splat_16(1.0f) - splat_16(2.0f) / (exponential(a + a) + splat_16(1.0f));
  return x < splat_16(0.0f) ? -t : t;
}

/// x Φ(x) = max(x, 0) - a Φ(-a) with a = |x|. Φ(-a) is a polynomial of degree 12 in a - 2.5, fitted so that the error
/// of a Φ(-a) is at most 1.2e-6 up to 5 (Tools/fixtures/gelu.py). Beyond 5, a Φ(-a) is negligible. The terms are added
/// as a tree, because a chain would have to wait for each addition.
INLINE f32x16 gelu(f32x16 x) {
  const f32x16 a = smaller_16(magnitude_16(x), splat_16(5.0f)), u = a - splat_16(2.5f);
  const f32x16 u2 = u * u, u4 = u2 * u2;
#define PAIR(even, odd) (splat_16(even) + splat_16(odd) * u)
  const f32x16 low = (PAIR(0.00621011155f, -0.0175272804f) + PAIR(0.0219023209f, -0.0153408255f) * u2) +
                     (PAIR(0.00595700555f, -0.000664573978f) + PAIR(-0.000537369517f, 0.000264415576f) * u2) * u4;
  const f32x16 high = (PAIR(-1.55420894e-05f, -1.98258294e-05f) + PAIR(4.0902537e-06f, 5.30108139e-07f) * u2) +
                      splat_16(-1.65608412e-07f) * u4;
#undef PAIR
  return (x < splat_16(0.0f) ? splat_16(0.0f) : x) - a * (low + high * (u4 * u4));
}

INLINE f32x16 silu(f32x16 x) { return x / (splat_16(1.0f) + exponential(-x)); }

INLINE f32x16 activated(f32x16 x, int activation) {
  switch (activation) {
    case 1: return gelu(x);
    case 2: return hyperbolic_tangent(x);
    case 3: return silu(x);
    case 4: return exponential(x);
    default: return x;
  }
}
