// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import System

/// The option that names the index. Without it, the user's own copy is used if it fits the model, else the default index.
struct IndexOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Index file (default: your own copy, or the installed assigner.index).", valueName: "file"),
    completion: .file())
  var index: String?

  /// - Parameter model: the model in use; nil without one.
  func path(for model: String?) throws -> String {
    if let index { return index }
    if let own = OwnIndex(), own.isThere {
      guard let model, try !own.fits(model: model) else { return own.path }
      Descriptor.standardError.say("assigner: \(own.misfit(model: model)); using the default index instead\n")
    }
    return try Self.defaultPath()
  }

  func open(for model: String?, mapping: Bool = true) throws -> ContainerFile {
    try openFile(path(for: model), kind: .index, mapping: mapping)
  }

  /// What `--verbose` adds behind a path that `path(for:)` returned.
  func origin(of path: String) -> String {
    if index != nil { return "" }
    return path == OwnIndex()?.path ? " (your own)" : " (default)"
  }

  /// The path of the installed index.
  static func defaultPath() throws -> String {
    guard let path = DefaultFiles.find(DefaultFiles.indexName) else {
      throw MissingFile(what: "index", option: "--index", name: DefaultFiles.indexName)
    }
    return path
  }
}
