// SPDX-License-Identifier: Apache-2.0

import Tensors

#if OpenBLAS
  import COpenBLAS
#endif

extension FloatProducts {
  /// OpenBLAS if the package is built with it (trait `OpenBLAS`, on by default), otherwise the project's kernels.
  ///
  /// Only for the converter and for tests at real sizes: OpenBLAS sums differ between machines, and the answer to a tweet must
  /// not.
  package static var fastest: FloatProducts {
    #if OpenBLAS
      .library(fewestRows: 32) { x, weights, output, rows, outputs, inputs in
        // The dimensions of every network that can be opened fit 32 bits.
        let (m, n, k) = (Int32(rows), Int32(outputs), Int32(inputs))
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, x, k, weights, k, 0, output, n)
      }
    #else
      .kernels
    #endif
  }

  /// The name of `fastest` for messages.
  package static var fastestName: String {
    #if OpenBLAS
      "OpenBLAS"
    #else
      "this project's kernels"
    #endif
  }
}
