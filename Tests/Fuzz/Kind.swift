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

/// A sort of input and its reader.
protocol Kind {
  var name: String { get }

  /// What is damaged: its reader must accept it.
  var sound: [[UInt8]] { get }

  /// Inputs of which every run reads each once, before any that are made up: those that cost too much before.
  var bombs: [[UInt8]] { get }

  /// A damaged input.
  func input(_ mutator: inout Mutator) -> [UInt8]

  /// Reads it. Errors of this project's types are an answer, too.
  /// - Throws: `Finding` for what must not be; every error that the reader throws.
  func read(_ input: [UInt8]) throws
}

extension Kind {
  var bombs: [[UInt8]] { [] }
}

/// Something that must not be.
struct Finding: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

enum Kinds {
  static let names = ["model", "index", "safetensors", "pytorch", "tokenizer", "gzip", "corpus", "lists", "lines"]

  static func make(_ names: [String], folder: TemporaryFolder) throws -> [any Kind] {
    let world = try SoundFiles(folder: folder)
    return try names.map { name in
      switch name {
      case "model": try ModelKind(world)
      case "index": IndexKind(world)
      case "safetensors": try CheckpointKind.safetensors(folder)
      case "pytorch": try CheckpointKind.pytorch(folder)
      case "tokenizer": try CheckpointKind.tokenizer(folder)
      case "gzip": PackedKind(world)
      case "corpus": CorpusKind(world)
      case "lists": ListKind()
      default: try LinesKind(world)
      }
    }
  }
}

extension Error {
  /// Whether it is one of the errors that a reader of files or lines may end in. An error of tensors is none: a model that was
  /// opened has been checked.
  var isExpected: Bool {
    switch self {
    case is ContainerError, is RetrievalError, is ConversionError, is TextError, is JSONError, is CorpusError, is LineFault,
      is SystemCallError, is NetworkError, is GenerationError, is RankingError, is MemoryError, is PackingError, is LargeInput:
      true
    default: false
    }
  }
}
