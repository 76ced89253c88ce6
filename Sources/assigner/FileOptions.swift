// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import System
import Tensors

/// The option that names the model file.
struct ModelOption: ParsableArguments {
  @Option(help: ArgumentHelp("Model file (default: the installed assigner.model).", valueName: "file"), completion: .file())
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

/// Options for opening files: whether to print their names, and whether to map them into memory.
struct FileOptions: ParsableArguments {
  @Flag(help: "Print the model and index in use to stderr.")
  var verbose = false

  @Flag(
    name: .customLong("no-mmap"),
    help: ArgumentHelp(
      "Read model and index into memory instead of mapping them. This is automatic when a memory map fails.",
      visibility: .hidden))
  var withoutMap = false

  /// With `--verbose`, prints the files in use as one line on stderr.
  ///
  /// - Parameter path: the index in use; nil without one.
  func announce(_ model: ModelOption, _ index: IndexOption, at path: String?) throws {
    guard verbose else { return }
    var parts = ["model " + (try model.path()) + (model.model == nil ? " (default)" : "")]
    if let path { parts.append("index " + path + index.origin(of: path)) }
    Descriptor.standardError.say("assigner: \(parts.joined(separator: ", "))\n")
  }
}

/// Opens a file. Prints a warning on stderr when the memory map fails and the file is read instead.
func openFile(_ path: String, kind: FileKind, mapping: Bool) throws(ContainerError) -> ContainerFile {
  let file = try ContainerFile(path: path, kind: kind, mapping: mapping)
  if let refusal = file.mapRefusal {
    Descriptor.standardError.say("assigner: \(path): \(refusal); the whole file is read into memory instead\n")
  }
  return file
}

/// Says on stderr what the program waits for when standard input is a terminal. Otherwise a person who forgot the pipe would
/// see a program that hangs.
func announceInput(_ what: String) {
  guard Descriptor.standardInput.isTerminal else { return }
  Descriptor.standardError.say("assigner: waiting for \(what) on standard input; Ctrl-D ends it\n")
}
