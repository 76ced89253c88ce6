/// The portable path, and the definition of what every other path must give.
#include "kernels.h"
#include "float_vector.h"

static void gemm_i8(const int8_t *a, const int8_t *b, int32_t *c, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                    ptrdiff_t ldc) {
  for (ptrdiff_t i = 0; i < m; i++) {
    for (ptrdiff_t j = 0; j < n; j++) {
      int32_t total = 0;
      for (ptrdiff_t p = 0; p < k; p++) total += (int32_t)a[i * k + p] * b[j * k + p];
      c[i * ldc + j] = total;
    }
  }
}

#include "float_ops.h"

const assigner_ops assigner_ops_scalar = OPS_TABLE;
