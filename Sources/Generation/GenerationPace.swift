// SPDX-License-Identifier: Apache-2.0
/// The time budget of one tweet. It tells a generator how much it may do, and the generator reports what it did.
package protocol GenerationPace {
  /// The generator is about to start. Returns whether it may.
  ///
  /// - Parameter tokens: the number of source tokens; 0 if the generator does not measure its encoder separately.
  mutating func startGenerator(tokens: Int) -> Bool

  /// The source is encoded. Returns the affordable effort, or nil if no time is left.
  mutating func chooseEffort() -> Effort?

  /// All sequences are generated; `passes` is the number of decoder passes.
  mutating func finishGenerator(passes: Int)
}

extension GenerationPace {
  /// The affordable effort for a generator that does not measure its encoder separately, or nil if no time is left.
  mutating func startWhole() -> Effort? { startGenerator(tokens: 0) ? chooseEffort() : nil }
}
