// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// A word that people join to names in hashtags: "Floods" in #KeralaFloods, "PrayFor" in #PrayForNepal.
package struct Affix: Sendable, Equatable {
  /// How most hashtags spell it, and its hashtag normal form.
  package let display: String
  package let normal: String
  /// The number of names that it stands before in hashtags of the corpus, and after; 0 if these are too few.
  package let before: Int
  package let after: Int

  package init(display: String, before: Int, after: Int) {
    (self.display, self.before, self.after) = (display, before, after)
    normal = HashtagNormalForm.normalize(display)
  }

  /// The most affixes of an index, and the length of one in bytes.
  package static let maximumCount = 512
  package static let maximumLength = 64
}

extension IndexReader {
  /// The affixes of the corpus; none for an index of an older version.
  func affixes() throws(ContainerError) -> [Affix] {
    guard file.contains(IndexLayout.affixNames) else { return [] }
    let names = try file.uint32(IndexLayout.affixNames)
    guard names.count.isMultiple(of: 2), names.count <= 2 * Affix.maximumCount else {
      throw file.failure(
        .value("has \(names.count) numbers; it needs two for each of at most \(Affix.maximumCount) affixes"),
        section: IndexLayout.affixNames)
    }
    let displays = try strings(IndexLayout.affixes, count: names.count / 2, length: Affix.maximumLength)
    var affixes: [Affix] = []
    for place in 0..<displays.count {
      let affix = Affix(display: displays[place], before: Int(names[2 * place]), after: Int(names[2 * place + 1]))
      guard HashtagText.isWhole(affix.display), !affix.normal.isEmpty, affix.display.utf8.count <= Affix.maximumLength else {
        throw file.failure(
          .value("affix \(place) is not a part of a hashtag of at most \(Affix.maximumLength) bytes"),
          section: IndexLayout.affixes)
      }
      affixes.append(affix)
    }
    return affixes
  }
}

extension CorpusIndexBuilder {
  func addAffixes(to writer: inout ContainerWriter) throws(ContainerError) {
    guard !affixes.isEmpty else { return }
    try writer.addCompressed(IndexLayout.affixes, StringTable.write(affixes.map(\.display)))
    try writer.add(
      IndexLayout.affixNames, shape: [2 * affixes.count],
      elements: affixes.flatMap { [UInt32(clamping: $0.before), UInt32(clamping: $0.after)] })
  }
}
