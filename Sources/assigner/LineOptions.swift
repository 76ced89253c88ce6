// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol

/// Options for the lines: the format of answers, bad lines, and idle input.
struct LineOptions: ParsableArguments {
  @Option(help: "Format of the answers.")
  var format = AnswerFormat.text

  @Flag(help: "With --format json: add the nearest tweets and the features of every hashtag.")
  var explain = false

  @Flag(help: "Stop at the first bad line, with exit code 65.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "Exit when no line arrives, or no answer is read, for this time (default: never).", valueName: "seconds"))
  var idle: Double?

  func validate() throws {
    if let idle, !(0.1...1e6).contains(idle) { throw ValidationError("--idle must be from 0.1 to 1000000 seconds.") }
    if explain, format != .json { throw ValidationError("--explain needs --format json.") }
  }
}
