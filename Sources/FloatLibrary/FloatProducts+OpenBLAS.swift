// SPDX-License-Identifier: Apache-2.0

import Tensors

#if OpenBLAS
  import COpenBLAS
#endif

extension FloatProducts {
  /// OpenBLAS, where the package is built with it (trait `OpenBLAS`, on by default), and the kernels elsewhere. For the converter
  /// and for tests at real sizes alone: its sums depend on the machine, and a tweet's answer must not.
  package static var fastest: FloatProducts {
    #if OpenBLAS
      .library(fewestRows: 32) { x, weights, output, rows, outputs, inputs in
        // No matrix of a network that opens is larger than a 32-bit number in any direction.
        let (m, n, k) = (Int32(rows), Int32(outputs), Int32(inputs))
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, x, k, weights, k, 0, output, n)
      }
    #else
      .kernels
    #endif
  }

  /// What `fastest` is called.
  package static var fastestName: String {
    #if OpenBLAS
      "OpenBLAS"
    #else
      "this project's kernels"
    #endif
  }
}
