// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import System
import Tensors

/// Which model file.
struct ModelOption: ParsableArguments {
  @Option(help: ArgumentHelp("Model file (default: assigner.model, found by itself).", valueName: "file"), completion: .file())
  var model: String?

  func path() throws -> String {
    guard let path = model ?? DefaultFiles.find(DefaultFiles.modelName) else {
      throw MissingFile(what: "model", option: "--model", name: DefaultFiles.modelName)
    }
    return path
  }

  func open(mapping: Bool = true) throws -> ContainerFile {
    try InstructionSet.check()
    return try openFile(path(), kind: .model, mapping: mapping)
  }
}

/// How files come into memory, and whether their names are said.
struct FileOptions: ParsableArguments {
  @Flag(help: "Say on stderr which model and index are in use.")
  var verbose = false

  @Flag(
    name: .customLong("no-mmap"),
    help: ArgumentHelp(
      "Read model and index into memory instead of mapping them, as is done by itself where a map is refused.",
      visibility: .hidden))
  var withoutMap = false

  /// With --verbose, one line on stderr.
  ///
  /// - Parameter path: of the index in use; nil where there is none.
  func announce(_ model: ModelOption, _ index: IndexOption, at path: String?) throws {
    guard verbose else { return }
    var parts = ["model " + (try model.path()) + (model.model == nil ? " (default)" : "")]
    if let path { parts.append("index " + path + index.origin(of: path)) }
    Descriptor.standardError.say("assigner: \(parts.joined(separator: ", "))\n")
  }
}

/// Opens a file, and says on stderr where it should have been mapped and had to be read.
func openFile(_ path: String, kind: FileKind, mapping: Bool) throws(ContainerError) -> ContainerFile {
  let file = try ContainerFile(path: path, kind: kind, mapping: mapping)
  if let refusal = file.mapRefusal {
    Descriptor.standardError.say("assigner: \(path): \(refusal); the whole file is read into memory instead\n")
  }
  return file
}

/// Where standard input is a terminal, says on stderr what is awaited: a person who forgot the pipe would wait for ever.
func announceInput(_ what: String) {
  guard Descriptor.standardInput.isTerminal else { return }
  Descriptor.standardError.say("assigner: waiting for \(what) on standard input; Ctrl-D ends it\n")
}
