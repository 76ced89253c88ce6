// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Recommender
import System

/// How many threads.
struct ThreadOption: ParsableArguments {
  @Option(help: ArgumentHelp("Threads (default: the processors this process may use).", valueName: "n"))
  var threads: Int?

  func validate() throws { try checkRanges([("--threads", threads ?? 1, 1...256)]) }

  var count: Int { threads ?? ProcessorCount.usable }
}

/// What an answer may take.
struct SpeedOptions: ParsableArguments {
  @Flag(
    name: .customLong("no-generator"),
    help: "Leave the generator out: rank retrieved hashtags and words of the tweet only, which is three times faster.")
  var withoutGenerator = false

  @Option(
    help: ArgumentHelp(
      """
      Milliseconds that a tweet's answer may take: fewer denoising steps, then fewer candidates, then no generator, as fits; \
      answers then depend on the machine's speed.
      """, valueName: "ms"))
  var budget: Double?

  func validate() throws {
    if let budget, !(0.1...3_600_000).contains(budget) { throw ValidationError("--budget must be from 0.1 to 3600000 ms.") }
  }
}

/// How much memory may be used.
struct MemoryOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Refuse to start, with exit code 78, where more resident memory would be needed: bytes, or 96M, 1G.", valueName: "size"))
  var maxMemory: MemorySize?
}
