// SPDX-License-Identifier: Apache-2.0

import Learning
import Retrieval
import Text

/// Everything known about a tweet before the generator runs. Sources find candidates in it, and features are measured from it.
package struct TweetEvidence {
  package let tweet: NormalTweet
  /// The tweet's replies that have text.
  let replies: [NormalTweet]
  /// The words of the tweet (the first ``TextCandidates/maximumWords``), and what one to three of them may mean as a hashtag.
  let words: [TweetWord]
  let inText: [InTextCandidate]
  package let index: CorpusIndex
  package let statistics: CorpusStatistics
  /// The selector's query for the tweet; nil without a selector.
  package let selector: HashtagQuery?
  /// Nil without a selector.
  let likelihood: HashtagLikelihood?
  /// The hashtags of the retrieved tweets with their statistics, in order of first appearance.
  package let retrieved: [RetrievedHashtag]
  /// The similarity of the nearest retrieved tweet; 0 if no tweet was retrieved.
  package let nearestSimilarity: Double
  /// The log-odds that the tweet speaks of a disaster; 0 if the ranking does not ask.
  let topic: Double
  /// Counts the word pieces of hashtags; without encoders the count is 0.
  let encoders: TweetEncoders?
  /// The stream's evidence for the tweet; nil without learning.
  let stream: StreamEvidence?
  /// The hashtags of the event card; nil without one.
  let event: EventTags?

  /// - Parameter neighbours: the retrieved tweets, best first.
  init(
    tweet: NormalTweet, replies: [NormalTweet] = [], index: CorpusIndex, statistics: CorpusStatistics,
    selector: HashtagQuery? = nil,
    neighbours: [Neighbour] = [], encoders: TweetEncoders? = nil, topic: Double = 0, stream: StreamEvidence? = nil,
    event: EventTags? = nil
  ) {
    self.tweet = tweet
    self.replies = replies
    words = TweetWord.find(in: tweet.text, limit: TextCandidates.maximumWords)
    inText = InTextCandidates.find(in: words) { index.lookup($0) != nil || stream?.carries($0) == true }
    self.index = index
    self.statistics = statistics
    self.selector = selector
    self.encoders = encoders
    self.topic = topic
    self.stream = stream
    self.event = event
    likelihood = selector.map {
      HashtagLikelihood(index: index, statistics: statistics, query: $0, count: SelectedCandidates.maximum)
    }
    retrieved = RightSelection.gather(neighbours, index: index, statistics: statistics, selector: selector)
    nearestSimilarity = Double(neighbours.map(\.similarity).max() ?? 0)
  }

  /// The number of a hashtag in the index; nil if no row carries it, apart from excluded rows.
  package func hashtag(_ normal: String) -> Int? {
    index.lookup(normal).flatMap { statistics.frequency($0) > 0 ? $0 : nil }
  }
}
