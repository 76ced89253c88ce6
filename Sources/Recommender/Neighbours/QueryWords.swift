// SPDX-License-Identifier: Apache-2.0

import Tensors
import Text

/// The words of a tweet and of its replies, as one query of BM25 with the sum of both scores: those of the replies count half.
struct QueryWords {
  private let tweet: [String]
  private let replies: [String]

  init(_ query: Query) {
    tweet = TweetWords.find(in: query.tweet.text)
    replies = query.replies.flatMap { TweetWords.find(in: $0.text) }
  }

  /// The weight of each word. A word that a side says f times counts 1 + ln f times there, so that a long conversation that repeats
  /// itself does not drown the tweet.
  var weights: [String: Float] {
    var weights: [String: Float] = [:]
    add(tweet, 1, to: &weights)
    add(replies, tweet.isEmpty ? 1 : ReplyParts.weight, to: &weights)
    return weights
  }

  private func add(_ words: [String], _ weight: Float, to weights: inout [String: Float]) {
    var counts: [String: Int] = [:]
    for word in words { counts[word, default: 0] += 1 }
    for (word, count) in counts { weights[word, default: 0] += weight * Float(1 + DeterministicMath.log(Double(count))) }
  }
}
