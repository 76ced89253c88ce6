// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Learning
import Recommender

extension HalfLife: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}

/// Options for learning from a stream, shared by `run` and `eval`.
struct LearningArguments: ParsableArguments {
  @Flag(
    help: """
      Learn from the lines: the program answers a tweet with hashtags first, then uses it for the lines after it.
      """)
  var learn = false

  @Option(
    help: ArgumentHelp(
      "With --learn: how many tweets with hashtags to keep; the oldest are forgotten first (default: \(LearningOptions().rows)).",
      valueName: "n"))
  var learnRows: Int?

  @Option(
    help: ArgumentHelp(
      """
      With --learn: the half-life of counts, in tweets, or in time (90s, 30m, 6h, 2d) if lines have "time" \
      (default: \(LearningOptions().halfLife)).
      """, valueName: "n|time"))
  var halfLife: HalfLife?

  func validate() throws {
    if let learnRows, !(1...10_000_000).contains(learnRows) {
      throw ValidationError("--learn-rows must be from 1 to 10000000.")
    }
  }

  /// Refuses options that have no effect.
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

/// Options for the journal, which keeps what was learned.
struct JournalArguments: ParsableArguments {
  @Option(
    name: .customLong("journal"),
    help: ArgumentHelp(
      """
      Load what was learned from this file, and save new tweets to it; implies --learn. The file holds quantised embeddings, \
      hashtags and hashes of words. It holds the text only with --keep-text.
      """, valueName: "file"), completion: .file())
  var path: String?

  @Flag(help: "Keep the text of tweets with hashtags in the journal.")
  var keepText = false

  func validate() throws {
    if keepText, path == nil { throw ValidationError("--keep-text needs --journal.") }
  }
}
