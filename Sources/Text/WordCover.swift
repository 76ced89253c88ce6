// SPDX-License-Identifier: Apache-2.0
/// Measures how much of a hashtag some words make up.
///
///     WordCover(["kerala", "flood"]).share(of: "keralafloods")  // 11/12
package struct WordCover: Sendable {
  /// Shorter words stand in too many hashtags by chance; in scripts without spaces two letters are a word.
  private static let leastLetters = 3
  /// Of longer hashtags only the beginning is read, in bytes, so that no line is costly.
  private static let longestTag = 256

  private struct Word {
    var bytes: [UInt8]
    var letters: Int
  }

  /// In byte order, each once.
  private let words: [Word]
  /// The first word that begins with each byte or a greater one.
  private let firsts: [Int]

  /// - Parameter words: hashtag normal forms.
  package init(_ words: some Sequence<String>) {
    self.words = Set(words).filter(Self.isLong).map { Word(bytes: Array($0.utf8), letters: $0.unicodeScalars.count) }
      .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    var firsts = [Int](repeating: 0, count: 257)
    for word in self.words { firsts[Int(word.bytes[0]) + 1] += 1 }
    for byte in 0..<256 { firsts[byte + 1] += firsts[byte] }
    self.firsts = firsts
  }

  /// The words of a tweet. Where a script puts no spaces between words, each two and three adjacent scalars are one.
  package init(of tweet: [TweetWord]) {
    self.init(
      tweet.flatMap { word -> [String] in
        let form = WordForm.of(word.letters)
        guard word.isUnspaced else { return [String(decoding: form, as: UTF8.self)] }
        let whole = UnspacedWord(form)
        return (2...3).flatMap { length in
          (0..<max(0, whole.count - length + 1)).map { whole.text($0..<$0 + length) }
        }
      })
  }

  /// The largest share of the letters of a hashtag (a normal form) that words make up without overlapping.
  ///
  /// - Complexity: O(its length × the words' total length) at most; in practice linear.
  package func share(of tag: String) -> Double {
    let bytes = Array(tag.utf8.prefix(Self.longestTag))
    guard !words.isEmpty, !bytes.isEmpty else { return 0 }
    // The most letters that are covered before each byte. A word begins where a letter begins, because UTF-8 says so.
    var most = [Int](repeating: 0, count: bytes.count + 1)
    for place in bytes.indices {
      most[place + 1] = max(most[place + 1], most[place])
      for word in words[firsts[Int(bytes[place])]..<firsts[Int(bytes[place]) + 1]] {
        let end = place + word.bytes.count
        guard end <= bytes.count, most[place] + word.letters > most[end], Self.matches(word.bytes, bytes, place) else { continue }
        most[end] = most[place] + word.letters
      }
    }
    let letters = bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    return Double(most[bytes.count]) / Double(letters)
  }

  private static func isLong(_ word: String) -> Bool {
    let letters = word.unicodeScalars
    return letters.count >= leastLetters || letters.count == 2 && letters.allSatisfy { UnspacedScripts.contain($0.value) }
  }

  private static func matches(_ word: [UInt8], _ bytes: [UInt8], _ start: Int) -> Bool {
    var offset = 1
    while offset < word.count {
      if bytes[start + offset] != word[offset] { return false }
      offset += 1
    }
    return true
  }
}
