// SPDX-License-Identifier: Apache-2.0

import Conversion
import Generation
import LineProtocol
import ModelFile
import Ranking
import Recommender
import Retrieval
import System
import TestSupport
import Text

/// A kind of input and its reader.
protocol Kind {
  var name: String { get }

  /// Valid inputs to damage. The reader must accept them.
  var sound: [[UInt8]] { get }

  /// Inputs that once cost too much. Every run reads each of them once, before the generated inputs.
  var bombs: [[UInt8]] { get }

  /// Makes a damaged input.
  func input(_ mutator: inout Mutator) -> [UInt8]

  /// Reads an input. Errors of this project's types are a valid answer.
  /// - Throws: `Finding` for a fault; every error that the reader throws.
  func read(_ input: [UInt8]) throws
}

extension Kind {
  var bombs: [[UInt8]] { [] }
}

/// A fault that was found.
struct Finding: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

enum Kinds {
  static let names = [
    "model", "index", "safetensors", "pytorch", "words", "tokenizer", "unigram", "gzip", "corpus", "lists", "lines",
  ]

  static func make(_ names: [String], folder: TemporaryFolder) throws -> [any Kind] {
    let world = try SoundFiles(folder: folder)
    return try names.map { name in
      switch name {
      case "model": try ModelKind(world)
      case "index": IndexKind(world)
      case "safetensors": try CheckpointKind.safetensors(folder)
      case "pytorch": try CheckpointKind.pytorch(folder)
      case "words": try CheckpointKind.words(folder)
      case "tokenizer": try CheckpointKind.tokenizer(folder)
      case "unigram": try CheckpointKind.unigram(folder)
      case "gzip": PackedKind(world)
      case "corpus": CorpusKind(world)
      case "lists": ListKind()
      default: try LinesKind(world)
      }
    }
  }
}

extension Error {
  /// Whether a reader of files or lines may throw this error. A tensor error is not allowed: opening a model checks its shapes.
  var isExpected: Bool {
    switch self {
    case is ContainerError, is RetrievalError, is ConversionError, is TextError, is JSONError, is CorpusError, is LineFault,
      is SystemCallError, is NetworkError, is GenerationError, is RankingError, is MemoryError, is PackingError, is LargeInput:
      true
    default: false
    }
  }
}
