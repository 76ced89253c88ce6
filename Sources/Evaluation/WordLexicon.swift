// SPDX-License-Identifier: Apache-2.0
/// The words of hashtags by normal form, so that both sides of a comparison divide a hashtag alike: #KeralaFloods and "kerala floods"
/// show two words, #keralafloods none.
package struct WordLexicon: Sendable {
  private var words: [String: [String]] = [:]

  package init() {}

  /// Notes a spelling's words. Of several divisions that with most words stays, then that with the longest first words.
  package mutating func add(_ normal: String, words found: [String]) {
    guard let known = words[normal] else { return words[normal] = found }
    if Self.rank(found).lexicographicallyPrecedes(Self.rank(known)) { words[normal] = found }
  }

  /// The hashtag with its words; it is one word if no spelling showed more.
  package subscript(normal: String) -> JudgedHashtag { JudgedHashtag(normal: normal, words: words[normal] ?? [normal]) }

  private static func rank(_ words: [String]) -> [Int] { [-words.count] + words.map { -$0.utf8.count } }
}
