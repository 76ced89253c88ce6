// SPDX-License-Identifier: Apache-2.0

import Retrieval

/// Groups of an index's hashtags and tweets that belong to one event, as far as co-occurrence shows.
///
/// The most frequent hashtags are merged while two groups occur together often enough (average linkage of the cosine of their
/// occurrences). A tweet belongs to the group of its rarest frequent hashtag, because #NepalQuake says more of the event than #quake;
/// a tweet without one goes where the tweets with its rare hashtags go. Deterministic: of equal choices the first is taken.
struct EventClusters {
  /// Hashtags that are merged.
  static let most = 200
  /// Fewer tweets make no event.
  static let leastRows = 3
  /// Two groups whose hashtags' occurrences have a lower mean cosine stay apart. With 0.03 the groups of a corpus of 73 disasters are
  /// these disasters, and groups of hashtags that belong to none.
  static let leastCosine = 0.03

  /// The frequent hashtags of each cluster, most frequent first; the cluster with most occurrences first.
  private(set) var leaders: [[Int]] = []
  /// The cluster of each row and of each hashtag; `none` where there is none.
  private(set) var ofRow: [Int32] = []
  private(set) var ofHashtag: [Int32] = []

  static let none: Int32 = -1

  /// - Complexity: O(row-hashtag pairs + 200³).
  init(_ index: CorpusIndex) {
    let frequent = (0..<index.hashtagCount).filter { index.frequency($0) >= Self.leastRows }
      .sorted { (index.frequency($1), $0) < (index.frequency($0), $1) }.prefix(Self.most)
    leaders = Self.merge(Array(frequent), index)
    ofHashtag = [Int32](repeating: Self.none, count: index.hashtagCount)
    for (cluster, hashtags) in leaders.enumerated() {
      for hashtag in hashtags { ofHashtag[hashtag] = Int32(cluster) }
    }
    ofRow = (0..<index.rowCount).map { row in
      let known = index.hashtags(ofRow: row).filter { ofHashtag[$0] != Self.none }
      return known.min { (index.frequency($0), $0) < (index.frequency($1), $1) }.map { ofHashtag[$0] } ?? Self.none
    }
    spread(index)
  }

  /// Gives the rare hashtags and the rows without a frequent one to the cluster that most of their kind belong to.
  private mutating func spread(_ index: CorpusIndex) {
    let first = ofHashtag
    var votes = Votes(hashtags: index.hashtagCount)
    for row in 0..<index.rowCount where ofRow[row] != Self.none { votes.add(ofRow[row], index.hashtags(ofRow: row)) }
    for row in 0..<index.rowCount where ofRow[row] == Self.none {
      ofRow[row] = votes.winner(index.hashtags(ofRow: row))
    }
    votes = Votes(hashtags: index.hashtagCount)
    for row in 0..<index.rowCount { votes.add(ofRow[row], index.hashtags(ofRow: row)) }
    for hashtag in 0..<index.hashtagCount where first[hashtag] == Self.none { ofHashtag[hashtag] = votes.winner([hashtag]) }
  }

  // MARK: Merging

  private static func merge(_ hashtags: [Int], _ index: CorpusIndex) -> [[Int]] {
    let count = hashtags.count
    var place = [Int32](repeating: none, count: index.hashtagCount)
    for (number, hashtag) in hashtags.enumerated() { place[hashtag] = Int32(number) }
    // [count, count]: first how often two occur together, then the sums of cosines between two groups.
    var sums = [Double](repeating: 0, count: count * count)
    for row in 0..<index.rowCount {
      let known = index.hashtags(ofRow: row).compactMap { place[$0] == none ? nil : Int(place[$0]) }
      for a in known {
        for b in known where a != b { sums[a * count + b] += 1 }
      }
    }
    let roots = hashtags.map { Double(index.frequency($0)).squareRoot() }
    for a in 0..<count {
      for b in 0..<count { sums[a * count + b] /= roots[a] * roots[b] }
    }
    var groups = hashtags.map { [$0] }
    while let (a, b) = closest(groups, sums) {
      groups[a] += groups[b]
      groups[b] = []
      for other in 0..<count {
        sums[a * count + other] += sums[b * count + other]
        sums[other * count + a] = sums[a * count + other]
      }
    }
    func weight(_ group: [Int]) -> Int { group.reduce(0) { $0 + index.frequency($1) } }
    return groups.filter { !$0.isEmpty }
      .map { $0.sorted { (index.frequency($1), $0) < (index.frequency($0), $1) } }
      .sorted { (weight($1), $0[0]) < (weight($0), $1[0]) }
  }

  /// The two groups with the highest mean cosine, if it is high enough.
  private static func closest(_ groups: [[Int]], _ sums: [Double]) -> (Int, Int)? {
    var best: (a: Int, b: Int)?
    var highest = leastCosine
    for a in groups.indices where !groups[a].isEmpty {
      for b in a + 1..<max(a + 1, groups.count) where !groups[b].isEmpty {
        let mean = sums[a * groups.count + b] / Double(groups[a].count * groups[b].count)
        if mean > highest { (best, highest) = ((a, b), mean) }
      }
    }
    return best
  }
}

/// How many rows of each cluster carry a hashtag.
private struct Votes {
  private var counts: [[(cluster: Int32, rows: Int)]]

  init(hashtags: Int) { counts = Array(repeating: [], count: hashtags) }

  mutating func add(_ cluster: Int32, _ hashtags: some Sequence<Int>) {
    for hashtag in hashtags {
      if let place = counts[hashtag].firstIndex(where: { $0.cluster == cluster }) {
        counts[hashtag][place].rows += 1
      } else {
        counts[hashtag].append((cluster, 1))
      }
    }
  }

  /// The cluster with most votes of these hashtags together; of equal ones the first cluster.
  func winner(_ hashtags: some Sequence<Int>) -> Int32 {
    var sums: [(cluster: Int32, rows: Int)] = []
    for (cluster, rows) in hashtags.lazy.flatMap({ counts[$0] }) {
      if let place = sums.firstIndex(where: { $0.cluster == cluster }) {
        sums[place].rows += rows
      } else {
        sums.append((cluster, rows))
      }
    }
    return sums.max { ($0.rows, $1.cluster) < ($1.rows, $0.cluster) }?.cluster ?? EventClusters.none
  }
}
