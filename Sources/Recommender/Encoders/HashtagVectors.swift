// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Text
import Transformer

/// The vectors of their own that a model may have for common hashtags, in place of what its selector makes of their
/// letters: "#oklwx" is nothing to an encoder of words, and plain to whoever has seen who uses it.
struct HashtagVectors: Sendable {
  private let vectors: Embedding
  /// Normal form to row.
  private let rows: [String: Int]

  /// Nil for a model without them.
  /// - Parameter size: the selector's width.
  init?(model: ContainerFile, size: Int) throws(ContainerError) {
    let section = ModelLayout.hashtags
    guard model.contains(section) else { return nil }
    let text = try model.bytes(section, limit: Tokenizer.maximumSectionSize)
    // Counted before they are cut: the table says whether there can be so many.
    let newline = UInt8(ascii: "\n")
    let count = text.indices.count { text[$0] != newline && ($0 == 0 || text[$0 - 1] == newline) }
    vectors = try TensorReader(file: model, prefix: "").embedding(ModelLayout.hashtagVectors, rows: count, size: size)
    let names = text.split(separator: newline)
    var rows: [String: Int] = [:]
    for (row, bytes) in names.enumerated() {
      guard let name = String(validating: bytes, as: UTF8.self), HashtagNormalForm.normalize(name) == name,
        rows.updateValue(row, forKey: name) == nil
      else {
        throw model.failure(.value("line \(row + 1) is no hashtag in normal form, or came before"), section: section)
      }
    }
    self.rows = rows
  }

  /// The vector of a hashtag in normal form, of length 1; nil for one that has none.
  func vector(of normal: String) -> [Float]? {
    guard let row = rows[normal] else { return nil }
    var vector = [Float](unsafeUninitializedCapacity: vectors.size) { buffer, count in
      if let base = buffer.baseAddress { vectors.copy(row, to: base) }
      count = vectors.size
    }
    // Eight bits took a little of its length.
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if length > 0 { for index in vector.indices { vector[index] /= length } }
    return vector
  }
}
