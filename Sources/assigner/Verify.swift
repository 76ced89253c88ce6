// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ModelFile
import System

/// `assigner verify FILE…`: checks every checksum of every file.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check every checksum of model and index files.",
    discussion: """
      Prints one line per file on stdout. Errors on stderr name the section and the byte.

      Exit codes: 0 all files are whole, 66 a file is missing, 74 I/O error, 78 a file is damaged or no assigner file. If \
      several apply, the highest is used.
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

/// Prints on stderr why a file was refused, and returns the exit code to throw.
func containerFailure(_ command: String, _ error: ContainerError) -> ExitCode {
  report(command, error.description)
  return ExitCode(error.exitStatus.rawValue)
}

private func report(_ command: String, _ message: String) {
  Descriptor.standardError.say("assigner \(command): error: \(message)\n")
}
