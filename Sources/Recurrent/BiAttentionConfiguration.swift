// SPDX-License-Identifier: Apache-2.0

import Decoding
import ModelFile
import Transformer

/// The sizes of a bi-attention network: the members of the metadata's object "generator".
package struct BiAttentionConfiguration: Sendable, Equatable {
  /// What the network reads, and what of it the decoder attends to. The last three have two encoders.
  package enum Variant: String, CaseIterable, Sendable {
    case post, conversation
    /// Post and conversation as one text.
    case joined
    case postAttention = "post-attention"
    case conversationAttention = "conversation-attention"
    case biAttention = "bi-attention"

    package var hasTwoEncoders: Bool { [.postAttention, .conversationAttention, .biAttention].contains(self) }
  }

  package let variant: Variant
  /// V, and how many of these words can be written: the first ones.
  package let words, outputs: Int
  package let embeddingSize: Int
  /// d
  package let hiddenSize: Int
  package let layers: Int
  /// Whether it copies words of its texts.
  package let copies: Bool
  /// The longest post and the longest conversation that it reads, in words.
  package let postWords, conversationWords: Int
  /// Beams, and the most words of a hashtag.
  package let beams, longest: Int

  init(file: ContainerFile) throws(ContainerError) {
    let parameters = try Hyperparameters(file: file, path: [ModelLayout.generator])
    variant = try parameters.choice("variant")
    words = try parameters.integer("words", in: Self.control.count...(1 << 20))
    outputs = try parameters.integer("outputs", in: Self.control.count...words)
    embeddingSize = try parameters.integer("embeddingSize", in: 1...65536)
    hiddenSize = try parameters.integer("hiddenSize", in: 2...32768)
    guard hiddenSize % 2 == 0 else { throw parameters.failure("hiddenSize is odd, but has two directions") }
    layers = try parameters.integer("layers", in: 1...64)
    copies = try parameters.bool("copies")
    postWords = try parameters.integer("postWords", in: 1...4096)
    conversationWords = try parameters.integer("conversationWords", in: 1...4096)
    beams = try parameters.integer("beams", in: BeamOptions.beamRange)
    longest = try parameters.integer("longest", in: 1...1024)
  }

  /// The words with a meaning of their own, which every vocabulary begins with.
  package enum Control {
    package static let padding: Int32 = 0
    package static let unknown: Int32 = 1
    package static let begin: Int32 = 2
    package static let end: Int32 = 3
  }
  static let control = [Control.padding, Control.unknown, Control.begin, Control.end]
  /// The words that no hashtag has.
  static let unwritten = [Control.padding, Control.unknown, Control.begin]

  /// The longest texts, one for each encoder.
  package var textLimits: [Int] {
    switch variant {
    case .post: [postWords]
    case .conversation: [conversationWords]
    case .joined: [postWords + conversationWords]
    case .postAttention, .conversationAttention, .biAttention: [postWords, conversationWords]
    }
  }

  /// The search of the paper: one hashtag a sequence, ordered by probability.
  package var defaults: BeamOptions {
    BeamOptions(beams: beams, sequences: beams, maximumLength: longest + 2, lengthPenalty: 0)
  }
}
