// SPDX-License-Identifier: Apache-2.0
/// The parts of replies that the encoders read, one text each, so that nothing is lost at the networks' limit and a long reply hides no
/// other.
enum ReplyParts {
  /// The words of a part, and the most parts: an answer with replies costs at most this many tweets more.
  private static let words = 40
  private static let most = 8

  /// The first part of each reply, then the second of each, and so on. Linear.
  static func of(_ replies: [String]) -> [String] {
    let parts = replies.prefix(most).map { reply in
      let words = reply.split(separator: " ", maxSplits: most * Self.words)
      return stride(from: 0, to: words.count, by: Self.words).map { first in
        words[first..<min(words.count, first + Self.words)].joined(separator: " ")
      }
    }
    let rounds = (0..<most).flatMap { round in parts.compactMap { round < $0.count ? $0[round] : nil } }
    return Array(rounds.prefix(most))
  }

  /// The weight of the replies beside the tweet: their scores count half.
  static let weight: Float = 0.5

  /// One query vector for a tweet and its replies, of length 1. Its cosine with a row is the row's cosine with the tweet and half of
  /// that with the replies, added and scaled.
  ///
  /// - Parameters:
  ///   - tweet: of length 1; nil for a tweet without text.
  ///   - replies: the vectors of the parts; may be empty.
  static func fuse(tweet: [Float]?, replies: ArraySlice<[Float]>) -> [Float] {
    guard let first = replies.first else { return tweet ?? [] }
    let sum = unit(replies.dropFirst().reduce(first) { zip($0, $1).map { $0 + $1 } })
    return tweet.map { unit(zip($0, sum).map { $0 + weight * $1 }) } ?? sum
  }

  private static func unit(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }
}
