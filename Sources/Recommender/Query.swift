// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// A tweet as the way of a tweet begins: its normal form, and what came with it.
package struct Query: Sendable {
  package var tweet: NormalTweet
  /// The normal form followed by the replies' normal forms, as far as there are any: what the networks read.
  ///
  /// Microblog Hashtag Generation reads a conversation beside the post, because replies spell out what the post leaves
  /// out. Here they simply follow it: each network cuts at its limit, so the tweet always comes first. Candidates from
  /// the text are looked for in the tweet alone.
  package var context: String
  /// How many hashtags are wanted, where the line says so.
  package var count: Int?
  /// Rows of the index that must not be seen; see ``CorpusStatistics``.
  package var excludedRows: Set<Int> = []
  /// What matters where the program learns.
  package var teaching = Teaching()

  /// What a line teaches, beside its tweet's words and hashtags.
  package struct Teaching: Sendable {
    /// Whether it shall teach.
    package var isWanted = true
    /// Whether it shall be answered, too.
    package var isAsked = true
    /// The account that wrote the tweet.
    package var author: String?
    /// When it was written, in seconds since 1970.
    package var time: Int?
    /// The caller's name for it, and its text; a journal keeps them as they are.
    package var identifier: String?
    package var text: String?

    package init() {}
  }

  /// - Parameters:
  ///   - text: the tweet with everything it came with.
  ///   - conversation: replies, oldest first.
  package init(text: String, conversation: [String] = [], count: Int? = nil) {
    tweet = TweetNormalForm.normalize(text)
    let replies = conversation.map { TweetNormalForm.normalize($0).text }.filter { !$0.isEmpty }
    context = ([tweet.text] + replies).joined(separator: " ")
    self.count = count
  }

  /// Keys the generator's noise: a tweet is answered alike wherever it stands, so that work can be split and taken up again.
  var noiseKey: UInt64 { XXH64.hash(Array(context.utf8)) }
}
