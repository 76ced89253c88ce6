// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Text
import Transformer

/// Vectors that a model stores for common hashtags, in place of the selector's embedding of their letters.
///
/// An encoder of words can make nothing of "#oklwx", but its vector can be learned from the tweets that carry it.
struct HashtagVectors: Sendable {
  private let vectors: Embedding
  /// The row of each normal form.
  private let rows: [String: Int]

  /// Nil for a model without such vectors.
  /// - Parameter size: the selector's width.
  init?(model: ContainerFile, size: Int) throws(ContainerError) {
    let section = ModelLayout.hashtags
    guard model.contains(section) else { return nil }
    let text = try model.bytes(section, limit: Tokenizer.maximumSectionSize)
    // Count the lines before splitting them: the size of the table limits their number.
    let newline = UInt8(ascii: "\n")
    let count = text.indices.count { text[$0] != newline && ($0 == 0 || text[$0 - 1] == newline) }
    vectors = try TensorReader(file: model, prefix: "").embedding(ModelLayout.hashtagVectors, rows: count, size: size)
    let names = text.split(separator: newline)
    var rows: [String: Int] = [:]
    for (row, bytes) in names.enumerated() {
      guard let name = String(validating: bytes, as: UTF8.self), HashtagNormalForm.normalize(name) == name,
        rows.updateValue(row, forKey: name) == nil
      else {
        throw model.failure(.value("line \(row + 1) is not a normal form of a hashtag, or repeats a line"), section: section)
      }
    }
    self.rows = rows
  }

  /// The vector of a hashtag in normal form, of length 1; nil if the model stores none.
  func vector(of normal: String) -> [Float]? {
    guard let row = rows[normal] else { return nil }
    var vector = [Float](unsafeUninitializedCapacity: vectors.size) { buffer, count in
      if let base = buffer.baseAddress { vectors.copy(row, to: base) }
      count = vectors.size
    }
    // Quantising to 8 bits changed the length slightly.
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if length > 0 { for index in vector.indices { vector[index] /= length } }
    return vector
  }
}
