// SPDX-License-Identifier: Apache-2.0
/// What the ranking sees of a candidate. Few, and each with a name, because the name is the contract with the training:
/// the model file lists the names its trees were fitted on, and order and presence here may change without breaking it.
///
/// What is counted over the corpus is given coarsely (``CoarseScale``), so that a ranking fitted on tweets of the corpus
/// cannot tell a hashtag's count from its count less the tweet itself.
package enum Feature: String, CaseIterable, Sendable {
  /// Σ s⁴ over the retrieved tweets that carry the hashtag, s the cosine similarity (negative ones count as 0), or what
  /// the retriever gives in its place.
  case similaritySum
  /// `similaritySum` as a share of that of all candidates.
  case similarityShare
  /// Mean, and largest, similarity of the retrieved tweets that carry it.
  case similarityMean, similarityMax
  /// f_h, the number of retrieved tweets that carry it.
  case retrievedCount
  /// Its place among the retrieved hashtags ordered by `similaritySum`, from 0; -1 if not retrieved.
  case retrievedRank
  /// The place of the nearest tweet that carries it, from 0; -1 if not retrieved.
  case nearestRank
  /// RIGHT's score: (mean similarity + selector) × (1 + (f_h − 1)/10); 0 if not retrieved.
  case rightScore = "right"
  /// r(d_q, h), the selector's cosine between tweet and hashtag; 0 for a hashtag the index does not know.
  case selector
  /// p(h | d_q) of the recommender's `HashtagLikelihood`, and its place among the likeliest, from 0; -1 for a place far down.
  case likelihood, likelihoodRank
  /// Tweets of the corpus that carry it, in half octaves; 0 for a hashtag the index does not know.
  case frequency
  /// Whether it stands in the tweet as a word or as adjacent words joined, and how many words that takes.
  case inText, wordsJoined
  /// Whether each of those words begins with a capital letter, and whether each is all capitals.
  case capitalised, allCapitals
  /// Whether one of them has a capital after a small letter, as joined words do; and whether they begin the tweet.
  case innerCapital, atStart
  /// Tweets of the corpus that have it as a word, in half octaves, and the share of them that carry it as a hashtag too,
  /// smoothed, in 32nds.
  case mentions, taggedRate
  /// Whether it was typed as a hashtag in the line.
  case typed
  /// Whether the generator wrote it, and its place among what the generator wrote, from 0; -1 if it did not.
  case generated, generatedPosition
  /// Mean and least probability of its pieces in the final pass; 0 if not generated.
  case generatedMean, generatedMinimum
  /// Characters of its normal form, and the word pieces these make.
  case length, pieces
  /// Whether its normal form is part of a longer candidate's.
  case partOfLonger
  /// Similarity of the nearest tweet of all: how much the neighbours are worth here. The same for every candidate.
  case nearestSimilarity

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
}

/// The features of one candidate, by ``Feature``.
package struct FeatureVector: Equatable, Sendable {
  /// In the order of `Feature.allCases`.
  package private(set) var values: [Double]

  package init() { values = [Double](repeating: 0, count: Feature.allCases.count) }

  /// Of a candidate that no source has said anything of: its ranks are -1.
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
  private static let places = Dictionary(
    uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

  /// Those that only a program that learns measures.
  package static let ofStream: Set<Feature> = Set(allCases.filter { $0.rawValue.hasPrefix("stream") })
  package static let withoutStream = allCases.filter { !ofStream.contains($0) }

  /// Place in `allCases`.
  package var index: Int { Feature.places[self] ?? 0 }
}
