// SPDX-License-Identifier: Apache-2.0
/// The features of a candidate. Their names are the contract with training: a model file lists the names that its trees were
/// fitted on, so features can be added or reordered here.
///
/// Corpus counts are rounded coarsely (``CoarseScale``). Otherwise a ranking that is fitted on tweets of the corpus could see
/// whether a count includes the tweet itself.
package enum Feature: String, CaseIterable, Sendable {
  /// Σ s⁴ over the retrieved tweets that carry the hashtag. s is the cosine similarity (negative ones count as 0) or the
  /// retriever's own score.
  case similaritySum
  /// `similaritySum` divided by the sum over all candidates.
  case similarityShare
  /// Mean and maximum similarity of the retrieved tweets that carry the hashtag.
  case similarityMean, similarityMax
  /// f_h, the number of retrieved tweets that carry the hashtag.
  case retrievedCount
  /// Rank among the retrieved hashtags by `similaritySum`, from 0; -1 if not retrieved.
  case retrievedRank
  /// Rank of the nearest tweet that carries the hashtag, from 0; -1 if not retrieved.
  case nearestRank
  /// RIGHT's score: (mean similarity + selector) × (1 + (f_h − 1)/10); 0 if not retrieved.
  case rightScore = "right"
  /// r(d_q, h), the selector's cosine similarity between tweet and hashtag; 0 for a hashtag that is not in the index.
  case selector
  /// p(h | d_q) of the recommender's `HashtagLikelihood`, and its rank by likelihood, from 0; -1 beyond the listed ranks.
  case likelihood, likelihoodRank
  /// Number of corpus tweets that carry the hashtag, in half octaves; 0 for a hashtag that is not in the index.
  case frequency
  /// Whether the tweet has the hashtag as a word or as joined adjacent words, and the number of these words.
  case inText, wordsJoined
  /// Whether each of these words begins with a capital letter, and whether each is in capitals only.
  case capitalised, allCapitals
  /// Whether one of these words has a capital after a lower-case letter, as joined words do, and whether they begin the tweet.
  case innerCapital, atStart
  /// The share of its letters that words of the tweet make up: words of three letters or more that do not overlap. 1 for a hashtag
  /// in the text.
  case covered
  /// Number of corpus tweets that have it as a word, in half octaves, and the smoothed share of them that also carry it as a
  /// hashtag, in 32nds.
  case mentions, taggedRate
  /// Names that the affix of a composed hashtag stands beside in hashtags of the corpus ("Floods" in #KeralaFloods), in half octaves;
  /// 0 for a hashtag that is not composed.
  case composed
  /// 1 / (1 + its place among the hashtags that the event card lets expect); 0 for others, and without a card.
  case event
  /// The share of its letters that words of the event card make up; 0 without a card.
  case eventCovered
  /// Whether the input line contains it as a hashtag.
  case typed
  /// The share of the replies that contain it, as a hashtag or as words, and of those that contain it as a hashtag; 0 without replies.
  case replied, repliedTyped
  /// Whether the generator wrote it, and its position in the generator's output, from 0; -1 if not generated.
  case generated, generatedPosition
  /// Mean and minimum probability of its pieces in the final pass; 0 if not generated.
  case generatedMean, generatedMinimum
  /// Number of characters in its normal form, and of word pieces in these.
  case length, pieces
  /// Whether its normal form is part of a longer candidate's normal form.
  case partOfLonger
  /// Similarity of the nearest of all tweets, which tells how reliable the neighbours are. Equal for all candidates.
  case nearestSimilarity
  /// The log-odds that the tweet speaks of a disaster (``TopicModel``). Equal for all candidates.
  case topic
  /// The largest `likelihood`, `selector`, `right` and `similarityShare` of all candidates: how sure each source is of the tweet, and
  /// so whether it knows the event. Equal for all candidates.
  case bestLikelihood, bestSelector, bestRight, bestShare

  // What the stream says, where the program learns; all 0 where it does not, and for a hashtag that no live tweet carries.

  /// Its share of the tweets that taught, decayed with the half-life (200 tweets), and with 3/20 of it (30 tweets).
  case streamShare, streamRecentShare
  /// Distinct live tweets that carry it, in half octaves, and their share of all live tweets.
  case streamDistinct, streamTotalShare
  /// Accounts that wrote them, up to 2; tweets whose author is not known are of different ones.
  case streamAuthors
  /// Tweets that have taught since it was first seen, in half octaves.
  case streamAge
  /// Of the 15 live tweets nearest to this one that carry it: Σ s⁴ of their cosines, the largest cosine, and the share of
  /// Σ s⁴ over all 15.
  case streamNeighbourSum, streamNeighbourMax, streamNeighbourShare
  /// Its share among the 15 live tweets that have most words in common with this one, by idf.
  case streamWordShare
  /// The largest share, over the tweet's words, of the live tweets with the word that carry it.
  case streamTogether
  /// ln of how much more it is said as a word than before; 0 where it is no word of the tweet.
  case streamBurst
  /// Live tweets, in half octaves, and the cosine of the nearest one. The same for every candidate.
  case streamSize, streamNearest
  /// The largest `streamNeighbourShare` of all candidates.
  case streamBestShare
}

/// The features of one candidate, by ``Feature``.
package struct FeatureVector: Equatable, Sendable {
  /// Values in the order of `Feature.allCases`.
  package private(set) var values: [Double]

  package init() { values = [Double](repeating: 0, count: Feature.allCases.count) }

  /// The vector of a candidate before any source adds values: its ranks are -1.
  package static let unmeasured: FeatureVector = {
    var features = FeatureVector()
    for rank in [Feature.retrievedRank, .nearestRank, .likelihoodRank, .generatedPosition] { features[rank] = -1 }
    return features
  }()

  package subscript(feature: Feature) -> Double {
    get { values[feature.index] }
    set { values[feature.index] = newValue }
  }
}

extension Feature {
  /// Those that only a program that learns measures.
  package static let ofStream: Set<Feature> = Set(allCases.filter { $0.rawValue.hasPrefix("stream") })
  /// Those that only a generator measures.
  package static let ofGenerator: Set<Feature> = [.generated, .generatedPosition, .generatedMean, .generatedMinimum]
  package static let withoutStream = allCases.filter { !ofStream.contains($0) }

  /// Index in `allCases`: an enumeration without values is stored as the number of its case. A table of hashed names would cost
  /// an answer more than its trees.
  package var index: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}
