// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Evaluation
import ModelFile
import Recommender
import Tensors
import Text

/// The measures that `eval` prints.
enum MeasureChoice: String, CaseIterable, ExpressibleByArgument {
  case standard
  /// Those of the three papers, by their own definitions.
  case papers

  /// - Parameter hasEncoder: whether BERTScore can be computed.
  func measures(hasEncoder: Bool) -> [Measure] {
    switch self {
    case .standard: .standard
    case .papers: .papers(withBERTScore: hasEncoder)
    }
  }
}

/// Makes tweets to measure from spelled hashtags.
struct Judge {
  /// Whether hashtags are compared by 0-9, a-z and _ only.
  let isASCII: Bool
  /// Nil without BERTScore.
  let scorer: SemanticScorer?
  private var lexicon = WordLexicon()

  init(isASCII: Bool, scorer: SemanticScorer?) { (self.isASCII, self.scorer) = (isASCII, scorer) }

  /// Learns how spellings divide hashtags. Call it with all spellings before the first `judge`.
  mutating func note(_ spellings: [String]) {
    for spelling in spellings { lexicon.add(normal(spelling), words: HashtagWords.of(spelling)) }
  }

  /// - Parameters:
  ///   - predicted: spellings, best first.
  ///   - gold: the correct hashtags' spellings.
  func judge(predicted: [String], gold: [String]) throws -> JudgedTweet {
    var gold = gold.map(normal)
    if isASCII {
      var seen: Set<String> = [""]
      gold = gold.filter { seen.insert($0).inserted }
    }
    let tweet = JudgedTweet(predicted: predicted.map { lexicon[normal($0)] }, gold: gold.map { lexicon[$0] })
    guard let scorer else { return tweet }
    let score = try scorer.score(
      predicted: tweet.predictedWords(of: 2).joined(separator: " "), gold: tweet.goldWords.joined(separator: " "))
    return JudgedTweet(predicted: tweet.predicted, gold: tweet.gold, bertScore: score)
  }

  private func normal(_ spelling: String) -> String {
    isASCII ? HashtagNormalForm.ascii(spelling) : HashtagNormalForm.normalize(spelling)
  }
}

/// Computes BERTScore with the last hidden states of the model's retriever.
struct SemanticScorer {
  private let encoders: TweetEncoders
  private let arena: Arena

  /// Nil for a model without encoders.
  init?(model: ContainerFile) throws {
    guard TweetEncoders.missing(from: model).isEmpty else { return nil }
    encoders = try TweetEncoders(model: model)
    arena = Arena(capacity: encoders.scratch)
  }

  func score(predicted: String, gold: String) throws -> BERTScore {
    BERTScore(
      predicted: try encoders.tokenStates(of: predicted, arena: arena), gold: try encoders.tokenStates(of: gold, arena: arena))
  }
}
