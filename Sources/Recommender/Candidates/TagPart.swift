// SPDX-License-Identifier: Apache-2.0

import Retrieval
import Text

/// A hashtag, or a part of one, with its spelling.
struct TagPart: Sendable, Hashable {
  var display: String
  var normal: String

  init(_ display: String) { (self.display, normal) = (display, HashtagNormalForm.normalize(display)) }

  private init(_ display: String, _ normal: String) { (self.display, self.normal) = (display, normal) }

  static func + (a: TagPart, b: TagPart) -> TagPart { TagPart(a.display + b.display, a.normal + b.normal) }

  /// The part as it stands in a hashtag of several parts: "kerala" gives "Kerala". Other spellings stay.
  var capitalised: TagPart {
    guard let first = display.unicodeScalars.first, first.properties.isLowercase else { return self }
    var scalars = display.unicodeScalars
    scalars.replaceSubrange(scalars.startIndex...scalars.startIndex, with: first.properties.titlecaseMapping.unicodeScalars)
    return TagPart(String(scalars), normal)
  }
}

/// An affix on one of its sides.
struct PlacedAffix: Sendable, Equatable {
  var part: TagPart
  var isAfter: Bool
  /// The names that it stands beside in the corpus.
  var names: Int

  func joined(to name: TagPart) -> TagPart { isAfter ? name + part : part + name }

  /// The affixes that words say, those of most names first. Their stems count, too: a "flooding" says "Floods".
  ///
  /// - Parameter words: hashtag normal forms.
  static func said(by words: some Sequence<String>, of affixes: [Affix]) -> [PlacedAffix] {
    let cover = WordCover(words.flatMap { [$0, WordStem.of($0)] })
    return placed(affixes.filter { cover.share(of: $0.normal) >= leastShare })
  }

  /// The share of an affix's letters that the words must have: "new" does not say "News".
  private static let leastShare = 0.8

  /// Affixes on each of their sides, those of most names first.
  static func placed(_ affixes: [Affix]) -> [PlacedAffix] {
    let placed = affixes.flatMap { affix in
      [(affix.after, true), (affix.before, false)].filter { $0.0 > 0 }.map {
        PlacedAffix(part: TagPart(affix.display), isAfter: $0.1, names: $0.0)
      }
    }
    // Affixes come in a fixed order, so equal ones have one, too.
    return placed.enumerated().sorted { a, b in
      a.element.names != b.element.names ? a.element.names > b.element.names : a.offset < b.offset
    }.map(\.element)
  }
}
