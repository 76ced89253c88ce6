// SPDX-License-Identifier: Apache-2.0
/// A tweet in the form that the networks read, and its hashtags.
package struct NormalTweet: Sendable, Equatable {
  /// The normal form: words joined by single spaces.
  package var text: String
  /// The display forms of the hashtags in order, without '#', one for each normal form.
  package var hashtags: [String]
}

/// The tweet normal form. Tools/assigner_training/normal_form.py must do the same.
///
/// In this order: decode entities once; split words at white space; drop retweet prefixes ("RT @name:"); cut off URLs; mask
/// mentions as "@user"; remove a hashtag that an ellipsis cuts off at the very end; remove trailing words that are only
/// hashtags (unless nothing would remain); drop '#' elsewhere.
package enum TweetNormalForm {
  /// The normal form of `text`, a raw tweet.
  ///
  ///     TweetNormalForm.normalize("RT @relief: #River rising &amp; fast #flood http://t.co/x")
  ///     // text "River rising & fast", hashtags ["River", "flood"]
  ///
  /// - Complexity: linear.
  package static func normalize(_ text: String) -> NormalTweet {
    let raw = decodedScalars(Array(text.utf8))
    var words = HashtagPhrases.joined(self.words(of: raw), of: raw)
    dropRetweetPrefixes(&words, of: raw)
    var tweet = Words(words, of: raw)
    tweet.removeCutTag()
    return NormalTweet(text: tweet.text(), hashtags: tweet.hashtags())
  }

  /// The scalars of UTF-8 bytes with the six entities decoded once: "&amp;lt;" becomes "&lt;".
  private static func decodedScalars(_ bytes: [UInt8]) -> [UInt32] {
    var scalars: [UInt32] = []
    scalars.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      if bytes[position] == 0x26, let (length, scalar) = entity(in: bytes, at: position) {
        scalars.append(scalar)
        position += length
      } else {
        scalars.append(UTF8Bytes.next(in: bytes, at: &position))
      }
    }
    return scalars
  }

  private static let entities: [(spelling: [UInt8], scalar: UInt32)] = [
    ("&amp;", 0x26), ("&lt;", 0x3C), ("&gt;", 0x3E), ("&quot;", 0x22), ("&#39;", 0x27), ("&nbsp;", 0xA0),
  ].map { (Array($0.0.utf8), $0.1) }

  private static func entity(in bytes: [UInt8], at position: Int) -> (length: Int, scalar: UInt32)? {
    for (spelling, scalar) in entities where position + spelling.count <= bytes.count {
      if spelling.indices.allSatisfy({ bytes[position + $0] == spelling[$0] }) { return (spelling.count, scalar) }
    }
    return nil
  }

  private static func words(of scalars: [UInt32]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = 0
    for (position, scalar) in scalars.enumerated() where ScalarCategories.isSpace(scalar) {
      if start < position { words.append(start..<position) }
      start = position + 1
    }
    if start < scalars.count { words.append(start..<scalars.count) }
    return words
  }

  /// Drops "RT" followed by a word that begins with '@', repeatedly.
  private static func dropRetweetPrefixes(_ words: inout [Range<Int>], of scalars: [UInt32]) {
    var dropped = 0
    while dropped + 1 < words.count {
      let first = words[dropped]
      guard first.count == 2, scalars[first.lowerBound] == 0x52, scalars[first.lowerBound + 1] == 0x54,
        scalars[words[dropped + 1].lowerBound] == 0x40
      else { break }
      dropped += 2
    }
    words.removeFirst(dropped)
  }
}
