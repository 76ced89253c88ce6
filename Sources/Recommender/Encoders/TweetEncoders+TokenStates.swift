// SPDX-License-Identifier: Apache-2.0

import Tensors

extension TweetEncoders {
  /// The retriever's last hidden state of each token of a text, special tokens included: [tokens, size].
  ///
  /// The text is cut at the network's limit. It gets no prompt: a prompt's tokens would count as the text's.
  package func tokenStates(of text: String, arena: Arena) throws(TensorError) -> [[Float]] {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let tokens = retrieverTokenizer.framed(text, limit: retriever.maximumTokens)
    let states = try retriever.encoder.encode(tokens, arena: arena)
    return (0..<states.rows).map { Array(UnsafeBufferPointer(start: states.row($0), count: states.columns)) }
  }
}
