// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ModelFile
import System

/// `assigner verify FILE…`: every checksum of every file.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check every checksum of model and index files.",
    discussion: """
      Prints a line for each file on stdout; what is wrong, and at which section and byte, goes to stderr.

      Exit codes: 0 all files are whole, 66 one is missing, 74 I/O, 78 one is damaged or no assigner file (78 wins over 74, \
      74 over 66).
      """)

  @Argument(help: "Model or index files.", completion: .file())
  var files: [String]

  func run() throws {
    var worst = ProcessExit.done
    for path in files {
      let failures = Self.failures(path)
      for failure in failures {
        report("verify", failure.description)
        if failure.exitStatus.rawValue > worst.rawValue { worst = failure.exitStatus }
      }
      try Descriptor.standardOutput.write("\(PrintableText.line(path)): \(Self.verdict(failures.first))\n")
    }
    if worst != .done { throw ExitCode(worst.rawValue) }
  }

  private static func verdict(_ failure: ContainerError?) -> String {
    switch failure?.exitStatus {
    case nil: "whole"
    case .missingFile: "missing"
    case .inputOutput: "unreadable"
    default: "damaged"
    }
  }

  private static func failures(_ path: String) -> [ContainerError] {
    do {
      return try ContainerFile(path: path).failures()
    } catch {
      return [error]
    }
  }
}

/// Says on stderr why a file was refused; the result makes argument-parser exit with the error's code.
func containerFailure(_ command: String, _ error: ContainerError) -> ExitCode {
  report(command, error.description)
  return ExitCode(error.exitStatus.rawValue)
}

private func report(_ command: String, _ message: String) {
  Descriptor.standardError.say("assigner \(command): error: \(message)\n")
}
