// SPDX-License-Identifier: Apache-2.0

import Ranking
import Text

/// Hashtags that the tweet's names and the corpus's habits compose: a tweet of a flood in Aluva gives #AluvaFloods, whether or not a
/// tweet of the corpus carries it.
struct ComposedCandidates: CandidateExtractor {
  static let maximum = 12
  private static let maximumAffixes = 4

  func extract(into set: inout CandidateSet) {
    let evidence = set.evidence
    guard !evidence.index.affixes.isEmpty else { return }
    let said = evidence.inText.lazy.filter { $0.words.count == 1 }.map(\.normalForm)
    let hazards = evidence.event?.hazards ?? []
    let affixes = PlacedAffix.said(by: Array(said) + hazards, of: evidence.index.affixes).prefix(Self.maximumAffixes)
    guard !affixes.isEmpty else { return }
    let year = evidence.words.first { Year.isOne($0.letters) }.map { TagPart($0.letters) }
    var left = Self.maximum
    for name in TweetNames.find(in: evidence) {
      for affix in affixes where left > 0 && affix.part.normal != name.normal {
        left -= add(affix.joined(to: name), affix, to: &set)
      }
      if let year, left > 0, let affix = affixes.first(where: \.isAfter), affix.part.normal != name.normal {
        left -= add(affix.joined(to: name) + year, affix, to: &set)
      }
    }
  }

  private func add(_ tag: TagPart, _ affix: PlacedAffix, to set: inout CandidateSet) -> Int {
    set.add(tag.normal, from: .composed) { candidate in
      candidate.features[.composed] = max(candidate.features[.composed], CoarseScale.halfOctaves(affix.names))
      if candidate.hashtag == nil, candidate.foundBy == [.composed] { candidate.display = tag.display }
    }
    return 1
  }
}

/// Years as words.
enum Year {
  static func isOne(_ word: String) -> Bool {
    word.utf8.count == 4 && word.utf8.allSatisfy { (0x30...0x39).contains($0) } && (word.hasPrefix("19") || word.hasPrefix("20"))
  }
}
