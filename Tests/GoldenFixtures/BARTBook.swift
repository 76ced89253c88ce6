// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A small BART checkpoint and the results of transformers' `generate`, from `Tools/fixtures/bart.py`.
package struct BARTBook: Sendable, CustomStringConvertible {
  package struct Sequence: Sendable {
    package let tokens: [Int32]
    /// Nil for greedy search, for which transformers gives no score.
    package let score: Float?
    package let logProbabilities: [Float]
  }

  package struct Case: Sendable {
    package let source: [Int32]
    /// Options with the names that `generate` uses.
    package let options: JSONValue
    package let sequences: [Sequence]
  }

  /// The last row of the encoder's states, and of the decoder's logits, for a source and a target.
  package struct States: Sendable {
    package let source, target: [Int32]
    package let encoder, logits: [Float]
  }

  package let description: String
  /// The checkpoint's folder, in Hugging Face layout.
  package let checkpoint: String

  /// The names of the checkpoints.
  package static let all = ["plain", "scaled", "sorted"].map { BARTBook(name: $0) }

  package init(name: String, folder: String = GoldenModel.root + "/Tests/GoldenFixtures/BART") {
    description = name
    checkpoint = folder + "/" + name
  }

  package func cases() throws -> [Case] {
    let book = try book()
    let sources = try book.array("sources").map { try Self.tokens($0) }
    return try book.array("cases").map { item in
      Case(
        source: sources[try item.integer("source", in: 0...sources.count - 1)],
        options: try item.required(["options"]),
        sequences: try item.array("sequences").map { sequence in
          Sequence(
            tokens: try sequence.tokens("tokens"), score: sequence["score"] == .null ? nil : Float(try sequence.number("score")),
            logProbabilities: try sequence.numbers("log").map { Float($0) })
        })
    }
  }

  package func states() throws -> [States] {
    try book().array("states").map { item in
      States(
        source: try item.tokens("source"), target: try item.tokens("target"),
        encoder: try item.numbers("encoder").map { Float($0) }, logits: try item.numbers("logits").map { Float($0) })
    }
  }

  private func book() throws -> JSONValue { try JSONValue(parsing: GoldenBook.read(checkpoint + "/cases.json")) }

  private static func tokens(_ value: JSONValue) throws -> [Int32] { try value.integers().map { Int32($0) } }
}
