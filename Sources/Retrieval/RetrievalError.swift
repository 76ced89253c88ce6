// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System

/// What can go wrong with an index beyond its file's own rules (those are `ContainerError`s).
package enum RetrievalError: Error, Equatable, Sendable {
  /// The file itself.
  case file(ContainerError)
  /// The index was built with another model: its vectors mean something else.
  case otherModel(path: String, index: String, model: String)
  /// The index holds vectors of another width than the model makes.
  case otherDimension(path: String, index: Int, model: Int)
  /// An index cannot be trained from nothing.
  case noRows
  /// A number of dimensions or sub-quantisers that the codes cannot have.
  case shape(String)
  /// A vector of the wrong width or with a component that is not a finite number.
  case vector(row: String, String)
  /// A hashtag whose embedding was not given before writing.
  case missingEmbedding(hashtag: String)
  /// A row for an index that keeps text came without text.
  case missingText(row: String)
  /// A row for an index that is searched by words came without words.
  case missingWords(row: String)
  /// The index cannot be searched by words.
  case noWords(path: String)
}

extension RetrievalError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let error): error.description
    case .otherModel(let path, let index, let model):
      "\(path): was built with another model (\(index)) than the one in use (\(model)): build the index again"
    case .otherDimension(let path, let index, let model):
      "\(path): holds vectors of \(index) dimensions, the model makes \(model): build the index again"
    case .noRows: "an index needs at least one tweet with a hashtag"
    case .shape(let what): "index: \(what)"
    case .vector(let row, let what): "row \(row): \(what)"
    case .missingEmbedding(let hashtag): "hashtag \(hashtag): its embedding is missing"
    case .missingText(let row): "row \(row): this index keeps text, but the row has none"
    case .missingWords(let row): "row \(row): this index is searched by words, but the row has none"
    case .noWords(let path):
      "\(path): cannot be searched by words; build it with \"assigner index build --bm25\", or use --retriever dense"
    }
  }

  /// The exit code that tells a script what happened.
  package var exitStatus: ProcessExit {
    switch self {
    case .file(let error): error.exitStatus
    case .otherModel, .otherDimension, .noWords: .unfitFile
    case .noRows, .vector, .missingText, .missingWords: .badInput
    case .shape, .missingEmbedding: .usage
    }
  }
}
