// SPDX-License-Identifier: Apache-2.0
/// Compares every int8 kernel of this processor with its definition, and every linear layer with the scalar kernels.
/// Needs no operating system, so an emulator of a bare processor can run it.
#include "CKernels.h"
#include "runtime.h"

enum { LARGEST = 130 * 2048 };

static int8_t x[LARGEST], w[LARGEST], packed[LARGEST], quantized[2][LARGEST];
static int32_t sums[LARGEST / 16];
static float floats[LARGEST], input_scales[2048], x_scales[2][130], w_scales[64], bias[64], out[2][LARGEST / 16];

static uint64_t state = 88172645463325252u;

static int random_below(int limit) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (int)(state >> 33) % limit;
}

typedef struct {
  ptrdiff_t m, n, k;
} shape;

static const shape shapes[] = {
  {1, 1, 1},     {1, 4, 31},    {1, 7, 33},    {2, 3, 5},     {3, 2, 64},   {4, 4, 63},     {5, 9, 65},   {6, 31, 12},
  {7, 8, 96},    {8, 16, 4},    {9, 16, 8},    {10, 33, 7},   {11, 48, 20}, {12, 5, 44},    {13, 16, 52}, {16, 24, 128},
  {33, 17, 100}, {130, 10, 40}, {16, 3, 1536}, {1, 33, 2047}, {24, 40, 36}, {40, 33, 1700},
};

static void pack(shape s) {
  const ptrdiff_t chunks = (s.k + 3) / 4;
  memset(packed, 0, sizeof packed);
  for (ptrdiff_t j = 0; j < s.n; j++)
    for (ptrdiff_t p = 0; p < s.k; p++) packed[((j / 16 * chunks + p / 4) * 16 + j % 16) * 4 + p % 4] = w[j * s.k + p];
}

/// Counts wrong sums of the rows x times the matrix w. `fill_x` and `fill_w` are their values; -129 stands for random ones.
static int wrong_sums(const assigner_ops *ops, shape s, int fill_x, int fill_w) {
  const ptrdiff_t stride = assigner_input_stride(s.k);
  memset(x, 0, sizeof x);
  for (ptrdiff_t i = 0; i < s.m; i++)
    for (ptrdiff_t p = 0; p < s.k; p++) x[i * stride + p] = (int8_t)(fill_x == -129 ? random_below(255) - 127 : fill_x);
  for (ptrdiff_t i = 0; i < s.n * s.k; i++) w[i] = (int8_t)(fill_w == -129 ? random_below(256) - 128 : fill_w);
  pack(s);
  ops->gemm_i8(x, packed, sums, s.m, s.n, s.k);
  int wrong = 0;
  for (ptrdiff_t i = 0; i < s.m; i++) {
    for (ptrdiff_t j = 0; j < s.n; j++) {
      int32_t exact = 0;
      for (ptrdiff_t p = 0; p < s.k; p++) exact += x[i * stride + p] * w[j * s.k + p];
      wrong += sums[i * s.n + j] != exact;
    }
  }
  return wrong;
}

/// Compares a layer of both instruction sets, with the matrix that `wrong_sums` left.
static int wrong_layers(const assigner_ops *ops, shape s, int activation) {
  const assigner_ops *both[2] = {ops, assigner_ops_for(ASSIGNER_ISA_SCALAR)};
  for (ptrdiff_t i = 0; i < s.m * s.k; i++) floats[i] = (float)(random_below(20001) - 10000) * 3e-4f;
  for (ptrdiff_t p = 0; p < s.k; p++) input_scales[p] = 0.5f + (float)random_below(1000) * 1e-3f;
  for (ptrdiff_t j = 0; j < s.n; j++) {
    w_scales[j] = (float)random_below(1000) * 1e-5f;
    bias[j] = (float)(random_below(2000) - 1000) * 1e-3f;
  }
  for (int set = 0; set < 2; set++) {
    both[set]->quantize_rows(floats, activation % 2 ? input_scales : NULL, quantized[set], x_scales[set], s.m, s.k);
    both[set]->linear_i8(quantized[set], x_scales[set], packed, w_scales, bias, out[set], s.m, s.n, s.k, activation);
  }
  return memcmp(quantized[0], quantized[1], (size_t)(s.m * assigner_input_stride(s.k))) != 0 ||
         memcmp(x_scales[0], x_scales[1], (size_t)s.m * sizeof(float)) != 0 ||
         memcmp(out[0], out[1], (size_t)(s.m * s.n) * sizeof(float)) != 0;
}

int check(void) {
  static const int extremes[][2] = {{127, 127}, {-127, 127}, {127, -128}, {-127, -128}, {-127, -127}, {-129, -129}};
  int failures = 0;
  for (int isa = 0; isa < ASSIGNER_ISA_COUNT; isa++) {
    const assigner_ops *ops = assigner_ops_for(isa);
    if (ops == NULL) continue;
    int wrong = 0;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
      for (size_t e = 0; e < sizeof extremes / sizeof *extremes; e++)
        wrong += wrong_sums(ops, shapes[i], extremes[e][0], extremes[e][1]) != 0;
      for (int activation = 0; activation < 5; activation++) wrong += wrong_layers(ops, shapes[i], activation);
    }
    print("  ");
    print(assigner_isa_name(isa));
    print(wrong == 0 ? ": the same bits\n" : ": DIFFERS\n");
    failures += wrong;
  }
  print("  chosen: ");
  print(assigner_isa_name(assigner_isa()));
  print("\n");
  return failures;
}
