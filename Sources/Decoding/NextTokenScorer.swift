// SPDX-License-Identifier: Apache-2.0

import Tensors

/// A network that decodes one source, as a search uses it: it scores the next token after each of several sequences.
///
/// The sequences grow together, one token a step. A scorer caches keys and values, so that a step computes one position of each
/// sequence, however long the sequences are.
package protocol NextTokenScorer {
  /// V, the vocabulary size: tokens are 0 ..< V.
  var vocabularySize: Int { get }
  /// The most steps that `score` can be called for: the rows of the position table or the cache.
  var maximumSteps: Int { get }

  /// Adds a token to each of n sequences and scores the next one.
  ///
  /// - Parameters:
  ///   - tokens: n tokens of the vocabulary; at the first step only the start token.
  ///   - parents: sequence i is sequence `parents[i]` of the step before, plus `tokens[i]`; 0 at the first step.
  ///   - logits: [n, V], written: the scores before softmax. Row i depends only on sequence i, so neither n nor the order of the
  ///     sequences changes its bits.
  mutating func score(
    _ tokens: UnsafeBufferPointer<Int32>, parents: UnsafeBufferPointer<Int32>, into logits: FloatView, arena: Arena
  ) throws(TensorError)
}
