// SPDX-License-Identifier: Apache-2.0
/// Takes a common English ending off a word, so that "flooding", "flooded" and "floods" meet. A word of another language is left as
/// it is, or loses a letter that all its forms lose.
package enum WordStem {
  private static let endings = ["ings", "ing", "ers", "ed", "es", "s"].map { Array($0.utf8) }
  private static let leastLetters = 4

  /// The stem of a hashtag normal form: at least four letters stay.
  package static func of(_ word: String) -> String {
    let bytes = word.utf8
    for ending in endings where bytes.count >= ending.count + leastLetters {
      let stem = bytes.dropLast(ending.count)
      // "fires" keeps its "e".
      guard bytes.suffix(ending.count).elementsEqual(ending) else { continue }
      return String(Substring(stem))
    }
    return word
  }
}
