// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System
import Text

/// Errors of an index, apart from violations of the file format, which are `ContainerError`s.
package enum RetrievalError: Error, Equatable, Sendable {
  /// The index file breaks a rule of its format.
  case file(ContainerError)
  /// The index was built with another model, so its vectors are not comparable.
  case otherModel(path: String, index: String, model: String)
  /// The vectors of the index and of the model have different widths.
  case otherDimension(path: String, index: Int, model: Int)
  /// The hashtags have the normal form of an older version.
  case oldNormalForm(path: String, version: Int)
  /// There is no row to train the quantiser on.
  case noRows
  /// A number of dimensions or sub-quantisers that is not valid for the codes.
  case shape(String)
  /// A vector of the wrong width, or with a component that is not finite or too large.
  case vector(row: String, String)
  /// A hashtag without an embedding when the index was written.
  case missingEmbedding(hashtag: String)
  /// A row without text for an index that keeps text.
  case missingText(row: String)
  /// A row without words for an index that supports searching by words.
  case missingWords(row: String)
  /// The index has no words to search.
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
    case .oldNormalForm(let path, let version):
      "\(path): its hashtags have version \(version) of the normal form, this program compares version "
        + "\(HashtagNormalForm.version): run \"assigner index upgrade --index \(path) --output NEW\""
    case .noRows: "an index needs at least one tweet with a hashtag"
    case .shape(let what): "index: \(what)"
    case .vector(let row, let what): "row \(row): \(what)"
    case .missingEmbedding(let hashtag): "hashtag \(hashtag): its embedding is missing"
    case .missingText(let row): "row \(row): this index keeps text, but the row has none"
    case .missingWords(let row): "row \(row): this index is searched by words, but the row has none"
    case .noWords(let path):
      "\(path): has no words to search by. \"assigner index build --corpus FILE --output INDEX\" makes an index that has them, unless "
        + "--no-words leaves them out; or use --retriever dense"
    }
  }

  /// The exit code that tells a script what happened.
  package var exitStatus: ProcessExit {
    switch self {
    case .file(let error): error.exitStatus
    case .otherModel, .otherDimension, .oldNormalForm, .noWords: .unfitFile
    case .noRows, .vector, .missingText, .missingWords: .badInput
    case .shape, .missingEmbedding: .usage
    }
  }
}
