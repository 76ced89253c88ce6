// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import System

/// Which corpus index is read: the one that is named, or the user's own copy where it fits the model, or the default one.
struct IndexOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Corpus index (default: your own copy, or assigner.index, found by itself).", valueName: "file"),
    completion: .file())
  var index: String?

  /// - Parameter model: the model in use; nil where none is.
  func path(for model: String?) throws -> String {
    if let index { return index }
    if let own = OwnIndex(), own.isThere {
      guard let model, try !own.fits(model: model) else { return own.path }
      Descriptor.standardError.say("assigner: \(own.misfit(model: model)); the default index is used instead\n")
    }
    return try Self.defaultPath()
  }

  func open(for model: String?, mapping: Bool = true) throws -> ContainerFile {
    try openFile(path(for: model), kind: .index, mapping: mapping)
  }

  /// What is said of a path that this has given.
  func origin(of path: String) -> String {
    if index != nil { return "" }
    return path == OwnIndex()?.path ? " (your own)" : " (default)"
  }

  /// The one that came with the program.
  static func defaultPath() throws -> String {
    guard let path = DefaultFiles.find(DefaultFiles.indexName) else {
      throw MissingFile(what: "index", option: "--index", name: DefaultFiles.indexName)
    }
    return path
  }
}
