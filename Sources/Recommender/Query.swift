import Text

/// A tweet as the way of a tweet begins: its normal form, and what came with it.
public struct Query: Sendable {
  /// Keys the generator's noise: the number of the line.
  public var line: UInt64
  public var tweet: NormalTweet
  /// The normal form followed by the replies' normal forms, as far as there are any: what the networks read.
  ///
  /// Microblog Hashtag Generation reads a conversation beside the post, because replies spell out what the post leaves
  /// out. Here they simply follow it: each network cuts at its limit, so the tweet always comes first. Candidates from
  /// the text are looked for in the tweet alone.
  public var context: String
  /// How many hashtags are wanted, where the line says so.
  public var count: Int?
  /// Rows of the index that must not be seen; see ``CorpusStatistics``.
  public var excludedRows: Set<Int> = []

  /// - Parameters:
  ///   - text: the tweet with everything it came with.
  ///   - conversation: replies, oldest first.
  public init(text: String, line: UInt64, conversation: [String] = [], count: Int? = nil) {
    tweet = TweetNormalForm.normalize(text)
    let replies = conversation.map { TweetNormalForm.normalize($0).text }.filter { !$0.isEmpty }
    context = ([tweet.text] + replies).joined(separator: " ")
    self.line = line
    self.count = count
  }
}
