// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol

/// What answers look like, and what becomes of bad lines.
struct LineOptions: ParsableArguments {
  @Option(help: "What answers look like: text, tsv or json.")
  var format = AnswerFormat.text

  @Flag(help: "Add the nearest tweets and the features of every hashtag; with --format json.")
  var explain = false

  @Flag(help: "Stop at the first bad line, with exit code 65.")
  var strict = false

  @Option(
    help: ArgumentHelp("End where no line comes, or no answer is taken, for so long (default: never).", valueName: "seconds"))
  var idle: Double?

  func validate() throws {
    if let idle, !(0.1...1e6).contains(idle) { throw ValidationError("--idle must be from 0.1 to 1000000 seconds.") }
    if explain, format != .json { throw ValidationError("--explain needs --format json.") }
  }
}
