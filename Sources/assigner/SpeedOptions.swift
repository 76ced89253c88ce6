// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Recommender
import System

/// The option for the number of threads.
struct ThreadOption: ParsableArguments {
  @Option(help: ArgumentHelp("Threads (default: the processors that this process may use).", valueName: "n"))
  var threads: Int?

  func validate() throws { try checkRanges([("--threads", threads ?? 1, 1...256)]) }

  var count: Int { threads ?? ProcessorCount.usable }
}

/// Options that trade quality for speed.
struct SpeedOptions: ParsableArguments {
  @Flag(
    name: .customLong("no-generator"),
    help: "Answer without the generator. The default model does so anyway, unless --generator asks for it.")
  var withoutGenerator = false

  @Option(
    help: ArgumentHelp(
      """
      Time limit per tweet in milliseconds. If time is short, the program takes fewer denoising steps, then fewer \
      candidates, then no generator. Answers then depend on the speed of the machine.
      """, valueName: "ms"))
  var budget: Double?

  func validate() throws {
    if let budget, !(0.1...3_600_000).contains(budget) { throw ValidationError("--budget must be from 0.1 to 3600000 ms.") }
  }
}

/// The option that limits memory.
struct MemoryOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Refuse to start, with exit code 78, if more resident memory is needed: bytes, or 96M, 1G.", valueName: "size"))
  var maxMemory: MemorySize?
}
