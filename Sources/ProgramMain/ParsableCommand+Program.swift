// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import System

extension ParsableCommand {
  /// The body of `main`: parses the arguments, runs the command, and ends the program with its exit code.
  ///
  /// ArgumentParser's own `main` does not notice if help, versions or completion scripts cannot be written, and takes the
  /// arguments from /proc, which may be missing.
  package static func runProgram() -> Never {
    let name = configuration.commandName ?? "\(Self.self)"
    do throws(SystemCallError) {
      try ThisProgram.prepare(name: name)
      try perform()
    } catch {
      // The reader has gone, as with `head`: this is not an error.
      if error.isReaderGone { ThisProgram.end(0) }
      Descriptor.standardError.say("\(name): error: \(error)\n")
      ThisProgram.end(error.exitStatus.rawValue)
    }
    ThisProgram.end(0)
  }

  private static func perform() throws(SystemCallError) {
    do {
      var command = try parseAsRoot(ThisProgram.arguments)
      try command.run()
    } catch let error as SystemCallError {
      throw error
    } catch {
      try end(with: error)
    }
  }

  /// Prints help and versions to stdout, errors to stderr.
  private static func end(with error: any Error) throws(SystemCallError) {
    let code = exitCode(for: error)
    let text = fullMessage(for: error)
    if !text.isEmpty {
      if code.isSuccess {
        try Descriptor.standardOutput.write(text + "\n")
      } else {
        // A usage error has several lines, and may quote an argument.
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { Descriptor.standardError.say(String(line)) }
      }
    }
    ThisProgram.end(code.rawValue)
  }
}
