// SPDX-License-Identifier: Apache-2.0

import Text

/// A list of hashtags as people write one: a deny list, an allow list.
///
/// One or several hashtags a line, with or without "#", with blanks, commas or semicolons between; quotes and brackets do not
/// count. A comment begins with "# " (a hash sign and a blank, or nothing more in the line) or "//" and goes to the line's
/// end: "#Tag" is a hashtag, "# Tag" is not.
package struct HashtagList: Equatable, Sendable {
  /// What was not understood as it stands, and on which line, counted from 1.
  package struct Doubt: Equatable, Sendable {
    package let line: Int
    package let message: String
  }

  /// Normal forms.
  package private(set) var hashtags: Set<String> = []
  package private(set) var doubts: [Doubt] = []

  /// Reads a list. O(its length).
  package init(_ text: String) {
    let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
    for (place, line) in lines.enumerated() {
      // An old Mac's line ends are blanks here: a list is no place where they matter, but for comments.
      for part in line.split(separator: "\r") {
        for entry in Self.entries(part) { read(entry, line: place + 1) }
      }
    }
  }

  private mutating func read(_ entry: Substring.UnicodeScalarView, line: Int) {
    for part in entry.split(whereSeparator: { HashtagText.isSign($0.value) }) {
      let spelling = String(part)
      let normal = HashtagNormalForm.normalize(spelling)
      if !normal.isEmpty { hashtags.insert(normal) }
      if normal.isEmpty {
        doubts.append(Doubt(line: line, message: "\"\(spelling.prefix(80))\" is no hashtag, and left out"))
      } else if !HashtagText.isWhole(spelling) {
        doubts.append(Doubt(line: line, message: "\"\(spelling.prefix(80))\" is no hashtag; it is taken for #\(normal)"))
      }
    }
  }

  /// The line up to its comment, cut at what separates.
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
