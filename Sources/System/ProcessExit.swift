// SPDX-License-Identifier: Apache-2.0
/// The exit codes both executables promise (sysexits.h).
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
