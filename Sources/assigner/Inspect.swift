// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ModelFile
import System

/// `assigner inspect FILE`: prints what a model or index file holds.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what a model or index file holds.",
    discussion: """
      Prints the architecture, the hyper-parameters, and the shape, type and size of every section. A tensor that several \
      networks share is listed with the section that holds it. This command checks only the header and the table of \
      sections; "assigner verify" checks every byte.

      Exit codes: 0 done, 66 missing file, 74 I/O error, 78 the file is damaged or no assigner file.
      """)

  @Argument(help: "A model or index file.", completion: .file())
  var file: String

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  func run() throws {
    let summary: FileSummary
    do { summary = FileSummary(try ContainerFile(path: file)) } catch { throw containerFailure("inspect", error) }
    try Descriptor.standardOutput.write(json ? summary.json.serialized(pretty: true) + "\n" : summary.text)
  }
}
