// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Recommender
import Retrieval
import System

/// The user's own copy of the default index, which receives the user's changes. The default index itself belongs to a package,
/// an administrator or a checkout, and an upgrade would overwrite changes to it.
struct OwnIndex {
  let path: String

  /// Nil if neither XDG_DATA_HOME nor HOME is set.
  init?() {
    guard let path = DefaultFiles.ownIndex() else { return nil }
    self.path = path
  }

  var isThere: Bool { SystemCalls.isReadable(path) }

  /// Whether its vectors were made with the model. Reads the metadata of both files.
  func fits(model: String) throws(ContainerError) -> Bool {
    let index = try ContainerFile(path: path, kind: .index)
    return index.metadata["model"] == .string(ModelFingerprint.of(try ContainerFile(path: model, kind: .model)))
  }

  /// The message for a copy that was made with another model, for example before an upgrade.
  func misfit(model: String) -> String {
    "\(path): your own index was made with a model other than \(model): build it again with \"assigner index build --output\", "
      + "or delete it"
  }
}

/// The user's own index does not fit the model, for example after an upgrade.
struct MisfitIndex: Error, CustomStringConvertible {
  let description: String
}

/// The environment names no folder for the user's own index.
struct NoOwnIndex: Error, CustomStringConvertible {
  let description =
    "the default index is never changed, and there is no place for your own copy, because neither XDG_DATA_HOME nor HOME is "
    + "set: set one of them, or name the index to change with --index"
}
