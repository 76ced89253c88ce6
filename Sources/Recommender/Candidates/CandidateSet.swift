// SPDX-License-Identifier: Apache-2.0

import Generation
import Ranking
import Retrieval
import Text

/// Gathers the candidates of a tweet from all their sources, each normal form once, and measures their features.
struct CandidateSet {
  /// A line may hold 64 KiB, a tweet does not: words and typed hashtags beyond these are no candidates, so that no line
  /// costs more than a few milliseconds here.
  static let maximumWords = 400
  static let maximumTyped = 100
  /// Words that no tweet of the corpus carries as a hashtag and that may become one, and their letters.
  static let maximumUnknown = 20
  static let unknownLength = 3...40
  /// Hashtags that the selector proposes.
  static let maximumSelected = 10

  private let index: CorpusIndex
  private let statistics: CorpusStatistics
  private let selector: HashtagQuery?
  private let likelihood: HashtagLikelihood?
  private(set) var candidates: [Candidate] = []
  private var places: [String: Int] = [:]

  init(index: CorpusIndex, statistics: CorpusStatistics, selector: HashtagQuery?) {
    self.index = index
    self.statistics = statistics
    self.selector = selector
    likelihood = selector.map {
      HashtagLikelihood(index: index, statistics: statistics, query: $0, count: Self.maximumSelected)
    }
  }

  /// Hashtags of retrieved tweets.
  mutating func add(retrieved: [RetrievedHashtag]) {
    let ranked = retrieved.sorted { a, b in
      a.fourthPowerSum != b.fourthPowerSum ? a.fourthPowerSum > b.fourthPowerSum : a.hashtag < b.hashtag
    }
    for (rank, found) in ranked.enumerated() {
      guard let place = place(of: index.normal(found.hashtag), from: .retrieved) else { continue }
      candidates[place].features[.similaritySum] = found.fourthPowerSum
      candidates[place].features[.similarityMean] = found.meanSimilarity
      candidates[place].features[.similarityMax] = found.largestSimilarity
      candidates[place].features[.retrievedCount] = Double(found.count)
      candidates[place].features[.retrievedRank] = Double(rank)
      candidates[place].features[.nearestRank] = Double(found.nearestRank)
      candidates[place].features[.rightScore] = found.rightScore
    }
  }

  /// Hashtags that the selector finds likely.
  mutating func addSelected() {
    for (rank, hashtag) in (likelihood?.best ?? []).enumerated() {
      guard let place = place(of: index.normal(hashtag), from: .selected) else { continue }
      candidates[place].features[.likelihoodRank] = Double(rank)
    }
  }

  /// Words of the tweet, and up to three joined, that people use as hashtags; and single words that nobody has used yet,
  /// since a new disaster brings new names.
  mutating func add(wordsOf text: String) {
    let words = text.utf8.split(separator: 0x20, maxSplits: Self.maximumWords, omittingEmptySubsequences: true)
      .prefix(Self.maximumWords)
    let head = text.utf8[..<(words.last?.endIndex ?? text.startIndex)]
    var unknown = 0
    for found in InTextCandidates.find(in: String(Substring(head))) where found.words.upperBound <= words.count {
      let shapes = found.words.map { WordShape(words[$0]) }
      if places[found.normalForm] == nil, !isKnown(found.normalForm) {
        guard unknown < Self.maximumUnknown, shapes.count == 1, shapes[0].isName,
          Self.unknownLength.contains(found.normalForm.utf8.count)
        else { continue }
        unknown += 1
      }
      guard let place = place(of: found.normalForm, from: .text) else { continue }
      if candidates[place].features[.inText] == 0 {
        candidates[place].features[.atStart] = found.words.lowerBound == 0 ? 1 : 0
        if candidates[place].hashtag == nil { candidates[place].display = Self.spelling(shapes, found.normalForm) }
      }
      let joined = Double(found.words.count)
      if candidates[place].features[.inText] == 0 || joined < candidates[place].features[.wordsJoined] {
        candidates[place].features[.wordsJoined] = joined
      }
      candidates[place].features[.inText] = 1
      if shapes.allSatisfy(\.beginsCapital) { candidates[place].features[.capitalised] = 1 }
      if shapes.allSatisfy(\.isCapitals) { candidates[place].features[.allCapitals] = 1 }
      if shapes.contains(where: \.hasInnerCapital) { candidates[place].features[.innerCapital] = 1 }
    }
  }

  /// Hashtags that were typed in the line, as they were spelled. They count as standing in the text, which they did.
  mutating func add(typed hashtags: [String]) {
    for spelling in hashtags.prefix(Self.maximumTyped) {
      guard let place = place(of: HashtagNormalForm.normalize(spelling), from: .typed) else { continue }
      candidates[place].display = spelling
      candidates[place].features[.typed] = 1
      candidates[place].features[.inText] = 1
      candidates[place].features[.wordsJoined] = 1
    }
  }

  /// Hashtags that the generator wrote.
  mutating func add(generated hashtags: [GeneratedHashtag]) {
    for (written, found) in hashtags.enumerated() {
      guard let place = place(of: found.normal, from: .generated) else { continue }
      // The first time it was written counts.
      guard candidates[place].features[.generated] == 0 else { continue }
      candidates[place].writtenPlace = written
      candidates[place].features[.generated] = 1
      candidates[place].features[.generatedPosition] = Double(found.position)
      candidates[place].features[.generatedMean] = found.meanProbability
      candidates[place].features[.generatedMinimum] = found.leastProbability
    }
  }

  /// Fills in the features that depend on the other candidates. Call when all have been added.
  ///
  /// - Parameter pieces: how many word pieces a hashtag's normal form has.
  mutating func finish(nearestSimilarity: Double, pieces: (String) -> Int = { _ in 0 }) {
    let total = candidates.reduce(0) { $0 + $1.features[.similaritySum] }
    let normals = candidates.map { Array($0.normal.utf8) }
    for place in candidates.indices {
      candidates[place].features[.nearestSimilarity] = nearestSimilarity
      candidates[place].features[.pieces] = Double(pieces(candidates[place].normal))
      if total > 0 {
        candidates[place].features[.similarityShare] = candidates[place].features[.similaritySum] / total
      }
      if let hashtag = candidates[place].hashtag {
        let isInText = candidates[place].features[.inText] == 1
        let (mentions, tagged) = statistics.mentions(hashtag, isInQuery: isInText)
        candidates[place].features[.mentions] = CoarseScale.halfOctaves(mentions)
        candidates[place].features[.taggedRate] = CoarseScale.thirtySeconds((Double(tagged) + 1) / (Double(mentions) + 5))
      }
      let isPart = normals.contains { $0.count > normals[place].count && Self.contains($0, normals[place]) }
      candidates[place].features[.partOfLonger] = isPart ? 1 : 0
    }
  }

  /// As the tweet has it, where that comes to the same hashtag.
  private static func spelling(_ shapes: [WordShape], _ normal: String) -> String {
    let letters = shapes.map(\.letters).joined()
    return HashtagNormalForm.normalize(letters) == normal ? letters : normal
  }

  /// Whether a row carries the hashtag, the excluded ones aside.
  private func isKnown(_ normal: String) -> Bool {
    index.lookup(normal).map { statistics.frequency($0) > 0 } ?? false
  }

  /// The place of the candidate with this normal form, made where it is new; nil for an empty one. What only excluded rows
  /// carry is as unknown as if the index did not have it.
  private mutating func place(of normal: String, from source: Candidate.Source) -> Int? {
    if let place = places[normal] {
      candidates[place].isFrom.insert(source)
      return place
    }
    guard !normal.isEmpty else { return nil }
    let hashtag = isKnown(normal) ? index.lookup(normal) : nil
    var candidate = Candidate(normal: normal, hashtag: hashtag, display: hashtag.map(index.display) ?? normal)
    candidate.isFrom = [source]
    candidate.features[.retrievedRank] = -1
    candidate.features[.nearestRank] = -1
    candidate.features[.likelihoodRank] = -1
    candidate.features[.generatedPosition] = -1
    candidate.features[.length] = Double(normal.utf8.count)
    if let hashtag {
      candidate.features[.frequency] = CoarseScale.halfOctaves(statistics.frequency(hashtag))
      candidate.features[.selector] = selector.map { Double(index.relevance(hashtag, $0)) } ?? 0
      candidate.features[.likelihood] = likelihood?.probability(hashtag) ?? 0
    }
    places[normal] = candidates.count
    candidates.append(candidate)
    return candidates.count - 1
  }

  /// Whether the bytes occur in a longer string. Complexity: O(long × short).
  private static func contains(_ long: [UInt8], _ short: [UInt8]) -> Bool {
    (0...(long.count - short.count)).contains { long[$0..<$0 + short.count].elementsEqual(short) }
  }
}
