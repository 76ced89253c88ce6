// SPDX-License-Identifier: Apache-2.0

import Tensors

/// Attention whose scores are dot products, without a scale. The queries or the keys have already been multiplied by the weights of
/// the alignment function.
enum DotAttention {
  /// Writes q kᵀ to `scores` [queries, keys].
  static func score(_ queries: FloatView, _ keys: FloatView, into scores: FloatView) {
    for query in 0..<queries.rows {
      let row = scores.row(query)
      for key in 0..<keys.rows { row[key] = Kernels.dot(queries.row(query), keys.row(key), count: keys.columns) }
    }
  }

  /// Turns each row of scores into weights.
  static func normalize(_ scores: FloatView) {
    for row in 0..<scores.rows { Kernels.softmax(scores.row(row), count: scores.columns) }
  }

  /// Writes the weighted sums of `values` [keys, d] to the columns `column ..< column + d` of `output` [queries, …], in the order of
  /// the keys.
  static func mix(_ weights: FloatView, _ values: FloatView, into output: FloatView, column: Int = 0) {
    let size = values.columns
    for query in 0..<weights.rows {
      let (row, sum) = (weights.row(query), output.row(query) + column)
      sum.update(repeating: 0, count: size)
      for key in 0..<values.rows {
        let (weight, value) = (row[key], values.row(key))
        for i in 0..<size { sum[i] += weight * value[i] }
      }
    }
  }

  /// Writes the transposed matrix to `output` [columns, rows].
  static func transpose(_ matrix: FloatView, into output: FloatView) {
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns { output[column, row] = matrix[row, column] }
    }
  }
}
