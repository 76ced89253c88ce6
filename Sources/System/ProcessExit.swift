// SPDX-License-Identifier: Apache-2.0
/// The exit codes of both programs (sysexits.h).
package enum ProcessExit: Int32, Sendable {
  case done = 0
  /// The command line is wrong. ArgumentParser uses this code, too.
  case usage = 64
  /// An input line is bad, with `--strict`.
  case badInput = 65
  /// A file does not exist or may not be opened.
  case missingFile = 66
  /// Reading or writing failed.
  case inputOutput = 74
  /// A model or an index does not verify, or does not fit this program or its memory limit; or a checkpoint cannot be converted.
  case unfitFile = 78
}
