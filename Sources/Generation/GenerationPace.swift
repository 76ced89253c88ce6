// SPDX-License-Identifier: Apache-2.0
/// The clock of one tweet: tells a generator how much it may do, and is told what was done.
package protocol GenerationPace {
  /// The generator's turn has come. Returns whether it may begin.
  ///
  /// - Parameter tokens: of the source that it encodes first; 0 for one whose encoding is not measured by itself.
  mutating func startGenerator(tokens: Int) -> Bool

  /// The source is encoded. Returns what is to be done with it; nil where there is no time left for anything.
  mutating func chooseEffort() -> Effort?

  /// The sequences are drawn, in so many passes through the decoder.
  mutating func finishGenerator(passes: Int)
}

extension GenerationPace {
  /// What a generator that does not measure its encoder may do; nil where there is no time for anything.
  mutating func startWhole() -> Effort? { startGenerator(tokens: 0) ? chooseEffort() : nil }
}
