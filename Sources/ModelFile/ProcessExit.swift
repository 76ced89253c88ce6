// SPDX-License-Identifier: Apache-2.0
/// The exit codes both executables promise (sysexits.h). They live in this room because both link it and because its
/// errors are the ones that decide between a missing file, an I/O failure and a file that does not verify.
package enum ProcessExit: Int32, Sendable {
  case done = 0
  /// The command line is wrong (argument-parser's own exit code for it, too).
  case usage = 64
  /// Bad input, with `--strict`.
  case badInput = 65
  /// A file is not there or may not be opened.
  case missingFile = 66
  /// Reading or writing failed.
  case inputOutput = 74
  /// A model or an index does not verify or does not fit this program or the memory it may use; a checkpoint cannot be
  /// converted.
  case unfitFile = 78
}

extension ContainerError {
  /// The exit code that tells a script what happened.
  package var exitStatus: ProcessExit {
    switch rule {
    case .missingFile, .notRegularFile: .missingFile
    case .inputOutput, .notReplaceable: .inputOutput
    default: .unfitFile
    }
  }
}
