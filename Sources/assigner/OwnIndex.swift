// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Recommender
import Retrieval
import System

/// The user's own copy of the default index, which takes the user's changes: the default one belongs to a package, an
/// administrator or a checkout, and an upgrade would take the changes away.
struct OwnIndex {
  let path: String

  /// Nil where the environment names no place for it.
  init?() {
    guard let path = DefaultFiles.ownIndex() else { return nil }
    self.path = path
  }

  var isThere: Bool { SystemCalls.isReadable(path) }

  /// Whether its vectors are the model's. Reads both files' metadata.
  func fits(model: String) throws(ContainerError) -> Bool {
    let index = try ContainerFile(path: path, kind: .index)
    return index.metadata["model"] == .string(ModelFingerprint.of(try ContainerFile(path: model, kind: .model)))
  }

  /// What to do about a copy that was made with another model, as an upgrade may bring one.
  func misfit(model: String) -> String {
    "\(path): your own index was made with another model than \(model): make it again with \"assigner index build --output\", "
      + "or remove it"
  }
}

/// An own index that an upgrade of the model has left behind.
struct MisfitIndex: Error, CustomStringConvertible {
  let description: String
}

/// There is no place for an own index.
struct NoOwnIndex: Error, CustomStringConvertible {
  let description =
    "the default index is not changed, and neither XDG_DATA_HOME nor HOME says where your own copy would lie: set one, or name "
    + "the index to change with --index"
}
