// SPDX-License-Identifier: Apache-2.0

import Learning
import Retrieval
import Text

/// All that is known of a tweet before the generator: what sources find candidates in, and what these are measured by.
package struct TweetEvidence {
  package let tweet: NormalTweet
  package let index: CorpusIndex
  package let statistics: CorpusStatistics
  /// The selector's view of the tweet; nil without a selector.
  package let selector: HashtagQuery?
  /// Nil without a selector.
  let likelihood: HashtagLikelihood?
  /// What the retrieved tweets say about the hashtags that they carry, in the order in which these first come.
  package let retrieved: [RetrievedHashtag]
  /// Similarity of the nearest retrieved tweet; 0 where none is retrieved.
  package let nearestSimilarity: Double
  /// Counts the word pieces of hashtags; nil where they count as 0.
  let encoders: TweetEncoders?
  /// What the stream says, where the program learns.
  let stream: StreamEvidence?

  /// - Parameter neighbours: the retrieved tweets, best first.
  init(
    tweet: NormalTweet, index: CorpusIndex, statistics: CorpusStatistics, selector: HashtagQuery? = nil,
    neighbours: [Neighbour] = [], encoders: TweetEncoders? = nil, stream: StreamEvidence? = nil
  ) {
    self.tweet = tweet
    self.index = index
    self.statistics = statistics
    self.selector = selector
    self.encoders = encoders
    self.stream = stream
    likelihood = selector.map {
      HashtagLikelihood(index: index, statistics: statistics, query: $0, count: SelectedCandidates.maximum)
    }
    retrieved = RightSelection.gather(neighbours, index: index, statistics: statistics, selector: selector)
    nearestSimilarity = Double(neighbours.map(\.similarity).max() ?? 0)
  }

  /// The number of a hashtag in the index; nil for one that no row carries, the excluded ones aside.
  package func hashtag(_ normal: String) -> Int? {
    index.lookup(normal).flatMap { statistics.frequency($0) > 0 ? $0 : nil }
  }
}
