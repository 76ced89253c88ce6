// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A small bi-attention network and PyTorch's beam searches with it, from `Tools/fixtures/bi_attention.py`.
package struct BiAttentionBook: Sendable, CustomStringConvertible {
  package struct Case: Sendable {
    /// The post, its conversation, and the words of both as the network reads them.
    package let text, conversation: String
    package let texts: [[Int32]]
    package let copies: [Int32]
    package let extras, beams, longest: Int
    /// The log-probabilities of all words before the last one of the first sequence.
    package let last: [Float]
    package let sequences: [(tokens: [Int32], score: Float)]
  }

  package let description: String
  /// The checkpoint's folder.
  package let checkpoint: String

  package static let all = [
    "post", "conversation", "joined", "post-attention", "conversation-attention", "bi-attention", "bi-attention-copy",
  ].map { BiAttentionBook(name: $0) }

  package init(name: String) {
    description = name
    checkpoint = GoldenModel.root + "/Tests/GoldenFixtures/BiAttention/" + name
  }

  package func cases() throws -> [Case] {
    let book = try JSONValue(parsing: GoldenBook.read(checkpoint + "/cases.json"))
    let rows = try book.array("rows")
    return try book.array("cases").map { item in
      let row = rows[try item.integer("row", in: 0...rows.count - 1)]
      return Case(
        text: try row.string("text"), conversation: try row.string("conversation"),
        texts: try item.array("texts").map { try $0.integers().map { Int32($0) } }, copies: try item.tokens("copies"),
        extras: try item.integer("extras"), beams: try item.integer("beams"), longest: try item.integer("longest"),
        last: try item.numbers("last").map { Float($0) },
        sequences: try item.array("sequences").map { (try $0.tokens("tokens"), Float(try $0.number("score"))) })
    }
  }
}
