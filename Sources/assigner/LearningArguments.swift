// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Learning
import Recommender

extension HalfLife: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}

/// How a stream is learned: shared by answering and measuring.
struct LearningArguments: ParsableArguments {
  @Flag(
    help: """
      Learn from the lines as they come: a line whose tweet carries hashtags is answered first, then it teaches the lines \
      behind it.
      """)
  var learn = false

  @Option(
    help: ArgumentHelp(
      "With --learn: tweets with hashtags that are kept; beyond them the oldest is forgotten (default: \(LearningOptions().rows)).",
      valueName: "n"))
  var learnRows: Int?

  @Option(
    help: ArgumentHelp(
      """
      With --learn: after how much of the stream a count is worth half: tweets, or time (90s, 30m, 6h, 2d) where lines carry \
      "time" (default: \(LearningOptions().halfLife)).
      """, valueName: "n|time"))
  var halfLife: HalfLife?

  func validate() throws {
    if let learnRows, !(1...10_000_000).contains(learnRows) {
      throw ValidationError("--learn-rows must be from 1 to 10000000.")
    }
  }

  /// Refuses options that would do nothing.
  ///
  /// - Parameter learns: whether the program learns.
  func check(learns: Bool) throws {
    if !learns, learnRows != nil { throw ValidationError("--learn-rows needs --learn.") }
    if !learns, halfLife != nil { throw ValidationError("--half-life needs --learn.") }
  }

  var options: LearningOptions {
    var options = LearningOptions()
    options.rows = learnRows ?? options.rows
    options.halfLife = halfLife ?? options.halfLife
    return options
  }
}

/// Where what is learned is kept.
struct JournalArguments: ParsableArguments {
  @Option(
    name: .customLong("journal"),
    help: ArgumentHelp(
      """
      Keep what is learned in this file, and begin with what it holds; implies --learn. It holds codes, hashtags and hashes of \
      words, never the text, unless --keep-text.
      """, valueName: "file"), completion: .file())
  var path: String?

  @Flag(help: "Keep the text of tweets with hashtags in the journal.")
  var keepText = false

  func validate() throws {
    if keepText, path == nil { throw ValidationError("--keep-text needs --journal.") }
  }
}
