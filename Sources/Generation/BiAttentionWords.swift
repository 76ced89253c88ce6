// SPDX-License-Identifier: Apache-2.0

import Recurrent
import Text

/// The words of a post and its conversation, as a bi-attention network reads them.
struct BiAttentionWords {
  let source: BiAttentionNetwork.Source
  /// The words that can only be copied; the output layer lacks them.
  private let extra: [String]
  private let outputs: Int

  init(_ input: GeneratorInput, _ sizes: BiAttentionConfiguration, _ vocabulary: WordVocabulary) {
    let post = vocabulary.words(of: input.post, limit: sizes.postWords)
    let replies = Self.shared(
      input.conversation.map { vocabulary.words(of: $0, limit: sizes.conversationWords) }, limit: sizes.conversationWords)
    let texts: [[String]] =
      switch sizes.variant {
      case .post: [post]
      case .conversation: [replies]
      case .joined: [post + replies]
      case .postAttention, .conversationAttention, .biAttention: [post, replies]
      }
    outputs = sizes.outputs
    var (numbers, copies) = ([[Int32]](), [Int32]())
    var places: [String: Int32] = [:]
    var extra: [String] = []
    for text in texts {
      if text.isEmpty {
        numbers.append([BiAttentionConfiguration.Control.unknown])
        copies.append(BiAttentionConfiguration.Control.unknown)
        continue
      }
      numbers.append(text.map { vocabulary.number(of: $0) ?? BiAttentionConfiguration.Control.unknown })
      if !sizes.copies { continue }
      for word in text {
        if let known = vocabulary.number(of: word), known < outputs {
          copies.append(known)
        } else if let place = places[word] {
          copies.append(place)
        } else {
          let place = Int32(truncatingIfNeeded: outputs + extra.count)
          places[word] = place
          copies.append(place)
          extra.append(word)
        }
      }
    }
    self.extra = extra
    source = BiAttentionNetwork.Source(texts: numbers, copies: sizes.copies ? copies : [], extras: extra.count)
  }

  /// The words of all replies, at most `limit`. If they are too many, each reply gives an equal share, and what a short one leaves
  /// goes to the later ones: a long first reply never hides the next.
  static func shared(_ replies: [[String]], limit: Int) -> [String] {
    var words: [String] = []
    for (place, reply) in replies.enumerated() {
      words += reply.prefix((limit - words.count) / (replies.count - place))
    }
    return words
  }

  /// The text of a token that was written.
  func spelling(_ token: Int32, _ vocabulary: WordVocabulary) -> String {
    let place = Int(token) - outputs
    return place < 0 ? vocabulary.word(token) ?? "" : place < extra.count ? extra[place] : ""
  }
}
