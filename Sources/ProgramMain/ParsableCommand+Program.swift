// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import System

extension ParsableCommand {
  /// What `main` does: parses the arguments, runs the command, and ends with its exit code.
  ///
  /// ArgumentParser's own `main` prints help, versions and completion scripts without looking whether they arrive, and
  /// takes the arguments from /proc.
  package static func runProgram() -> Never {
    let name = configuration.commandName ?? "\(Self.self)"
    do throws(SystemCallError) {
      try ThisProgram.prepare(name: name)
      try perform()
    } catch {
      // Nobody reads the output any more: nothing went wrong here.
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

  /// Help and versions go to stdout, what is wrong to stderr.
  private static func end(with error: any Error) throws(SystemCallError) {
    let code = exitCode(for: error)
    let text = fullMessage(for: error)
    if !text.isEmpty {
      if code.isSuccess {
        try Descriptor.standardOutput.write(text + "\n")
      } else {
        // Several lines, which may quote an argument.
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { Descriptor.standardError.say(String(line)) }
      }
    }
    ThisProgram.end(code.rawValue)
  }
}
