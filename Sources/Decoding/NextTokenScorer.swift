// SPDX-License-Identifier: Apache-2.0

import Tensors

/// A network that decodes one source, as a search sees it: which token comes next after each of several sequences.
///
/// The sequences grow together, one token a step. A scorer keeps what it has computed of them (the key/value cache), so
/// that a step costs one position of each sequence, however long they are.
package protocol NextTokenScorer {
  /// V: tokens are 0 ..< V.
  var vocabularySize: Int { get }
  /// The most steps that `score` can be called for: rows of the position table, or of the cache.
  var maximumSteps: Int { get }

  /// Adds a token to each of n sequences and scores what may follow.
  ///
  /// - Parameters:
  ///   - tokens: n tokens of the vocabulary; at the first step the start token, once.
  ///   - parents: sequence i is sequence `parents[i]` of the step before, plus `tokens[i]`; 0 at the first step.
  ///   - logits: [n, V], written: scores before softmax. Row i depends on sequence i alone, so that neither n nor the
  ///     order of the sequences changes its bits.
  mutating func score(
    _ tokens: UnsafeBufferPointer<Int32>, parents: UnsafeBufferPointer<Int32>, into logits: FloatView, arena: Arena
  ) throws(TensorError)
}
