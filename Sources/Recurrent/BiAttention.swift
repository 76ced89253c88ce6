// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// Bi-attention and merge layer (Microblog Hashtag Generation, Eq. 3-6).
///
/// Each state of the post gets what it attends to in the conversation, and each state of the conversation what it attends to in
/// the post; the scores h^p W h^c are the same in both directions.
struct BiAttention: Sendable {
  /// W_bi-att, applied to h^c.
  private let scores: Linear
  /// W_p and W_c [d, 2 d].
  private let post: Linear
  private let conversation: Linear

  /// Reads "merge.scores.weight", "merge.post" and "merge.conversation".
  init(_ reader: TensorReader, size: Int) throws(ContainerError) {
    scores = Linear(weights: try reader.weights("merge.scores.weight", rows: size, columns: size), bias: nil)
    post = try reader.linear("merge.post", outputs: size, inputs: 2 * size)
    conversation = try reader.linear("merge.conversation", outputs: size, inputs: 2 * size)
  }

  /// Replaces h^p [T^p, d] by v^p, and h^c [T^c, d] by v^c.
  func apply(_ p: FloatView, _ c: FloatView, arena: Arena) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    let size = p.columns
    let toConversation = try arena.floats(rows: p.rows, columns: c.rows)
    let toPost = try arena.floats(rows: c.rows, columns: p.rows)
    let keys = try arena.floats(rows: c.rows, columns: size)
    try scores.apply(c, into: keys, arena: arena)
    DotAttention.score(p, keys, into: toConversation)
    DotAttention.transpose(toConversation, into: toPost)
    DotAttention.normalize(toConversation)
    DotAttention.normalize(toPost)
    let both = [(p, toConversation, c), (c, toPost, p)]
    let joined = try both.map { (own, weights, other) throws(TensorError) in
      let joined = try arena.floats(rows: own.rows, columns: 2 * size)
      for row in 0..<own.rows { joined.row(row).update(from: own.row(row), count: size) }
      DotAttention.mix(weights, other, into: joined, column: size)
      return joined
    }
    try post.apply(joined[0], into: p, activation: .tanh, arena: arena)
    try conversation.apply(joined[1], into: c, activation: .tanh, arena: arena)
  }

  /// Arena bytes that `apply` needs.
  func scratch(post p: Int, conversation c: Int) -> Int {
    let size = scores.inputs
    return 2 * Arena.bytes(p * c, Float.self) + Arena.bytes(c * size, Float.self) + Arena.bytes(p * 2 * size, Float.self)
      + Arena.bytes(c * 2 * size, Float.self) + max(scores.scratch(rows: c), post.scratch(rows: p), conversation.scratch(rows: c))
  }
}
