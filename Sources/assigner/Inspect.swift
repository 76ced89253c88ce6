// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ModelFile
import System

/// `assigner inspect FILE`: what a model or an index file holds.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what a model or index file holds.",
    discussion: """
      Architecture, hyper-parameters, and every section with shape, type and size; tensors that networks share are named \
      with the section they share. Opening checks header and table; `assigner verify` checks every byte.

      Exit codes: 0 done, 66 the file is missing, 74 I/O, 78 it is damaged or no assigner file.
      """)

  @Argument(help: "A model or index file.", completion: .file())
  var file: String

  @Flag(help: "Print one JSON object instead.")
  var json = false

  func run() throws {
    let summary: FileSummary
    do { summary = FileSummary(try ContainerFile(path: file)) } catch { throw containerFailure("inspect", error) }
    try Descriptor.standardOutput.write(json ? summary.json.serialized(pretty: true) + "\n" : summary.text)
  }
}
