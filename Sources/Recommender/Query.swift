// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// A tweet to answer: its normal form and the options of its line.
package struct Query: Sendable {
  package var tweet: NormalTweet
  /// The replies that have text, oldest first. Microblog Hashtag Generation encodes a conversation beside the post, because replies
  /// spell out what the post leaves out. Here they are a second query beside the tweet.
  package var replies: [NormalTweet]
  /// The text that the generator reads: the tweet's normal form, followed by those of the replies. It cuts the text at its limit, so the
  /// tweet always comes first.
  package var context: String
  /// The number of hashtags that the line asks for; nil if it does not say.
  package var count: Int?
  /// Rows of the index to ignore; see ``CorpusStatistics``.
  package var excludedRows: Set<Int> = []
  /// What the program learns from the line.
  package var teaching = Teaching()

  /// What a line teaches besides its tweet's words and hashtags.
  package struct Teaching: Sendable {
    /// Whether the program learns from the line.
    package var isWanted = true
    /// Whether the line is answered.
    package var isAsked = true
    /// The account that wrote the tweet.
    package var author: String?
    /// The time of the tweet, in seconds since 1970.
    package var time: Int?
    /// The caller's id of the tweet and its original text, which a journal stores unchanged.
    package var identifier: String?
    package var text: String?

    package init() {}
  }

  /// - Parameters:
  ///   - text: the original tweet, with its links, names and hashtags.
  ///   - conversation: replies, oldest first.
  package init(text: String, conversation: [String] = [], count: Int? = nil) {
    tweet = TweetNormalForm.normalize(text)
    replies = conversation.map(TweetNormalForm.normalize).filter { !$0.text.isEmpty }
    context = ([tweet.text] + replies.map(\.text)).joined(separator: " ")
    self.count = count
  }

  /// The key of the generator's noise. It depends only on the text, so a tweet gets the same answer on any line and in any run.
  var noiseKey: UInt64 { XXH64.hash(Array(context.utf8)) }
}
