// SPDX-License-Identifier: Apache-2.0

import Text

/// A hand-written list of hashtags: a deny list or an allow list.
///
/// A line holds one or more hashtags, with or without "#", separated by spaces, commas or semicolons. Quotes and brackets
/// are ignored. A comment starts with "//" or "# " (a "#" and a space, or a "#" at the end of the line) and runs to the end
/// of the line: "#Tag" is a hashtag, "# Tag" is a comment.
package struct HashtagList: Equatable, Sendable {
  /// An entry that is not a valid hashtag, and its line, counted from 1.
  package struct Doubt: Equatable, Sendable {
    package let line: Int
    package let message: String
  }

  /// The normal forms of the hashtags.
  package private(set) var hashtags: Set<String> = []
  package private(set) var doubts: [Doubt] = []

  /// Reads a list. O(length).
  package init(_ text: String) {
    let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
    for (place, line) in lines.enumerated() {
      // A lone CR (classic Mac OS) also ends a line, so that it ends a comment. Line numbers do not count it.
      for part in line.split(separator: "\r") {
        for entry in Self.entries(part) { read(entry, line: place + 1) }
      }
    }
  }

  private mutating func read(_ entry: Substring.UnicodeScalarView, line: Int) {
    for part in entry.split(whereSeparator: { HashtagText.isSign($0.value) }) {
      let spelling = String(part)
      guard let normal = HashtagNormalForm.hashtag(spelling) else {
        doubts.append(Doubt(line: line, message: "\"\(spelling.prefix(80))\" is not a hashtag and is ignored"))
        continue
      }
      hashtags.insert(normal)
      if !HashtagText.isWhole(spelling) {
        doubts.append(Doubt(line: line, message: "\"\(spelling.prefix(80))\" is not a hashtag; it is read as #\(normal)"))
      }
    }
  }

  /// The entries of a line, without its comment.
  private static func entries(_ line: Substring.UnicodeScalarView) -> [Substring.UnicodeScalarView] {
    var entries: [Substring.UnicodeScalarView] = []
    for entry in line.split(whereSeparator: isSeparator) {
      let isComment =
        entry.allSatisfy { HashtagText.isSign($0.value) } && (entry.endIndex == line.endIndex || isBlank(line[entry.endIndex]))
      if isComment || entry.starts(with: "//".unicodeScalars) { break }
      entries.append(entry)
    }
    return entries
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value <= 0x20 || scalar.properties.isWhitespace || scalar == "\u{FEFF}"
  }

  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ",", ";", "\"", "[", "]", "\u{201C}", "\u{201D}", "\u{60C}", "\u{61B}", "\u{3001}", "\u{FF0C}", "\u{FF1B}": true
    default: isBlank(scalar)
    }
  }
}
