// SPDX-License-Identifier: Apache-2.0

extension TweetNormalForm {
  /// The words of a tweet, without URLs and with mentions masked, and the positions of their hashtags.
  struct Words {
    /// The scalars of all words, concatenated.
    var scalars: [UInt32] = []
    /// The range of each word in `scalars`.
    var words: [Range<Int>] = []
    /// The ranges of each word's hashtags in `scalars`: the hash sign, then the display form.
    var tags: [[Range<Int>]] = []
    /// The complete hashtags in the word that `removeCutTag` removed.
    var tagsOfCutWord: [Range<Int>] = []
    let categories = ScalarCategories.shared

    init(_ raw: [Range<Int>], of source: [UInt32]) {
      scalars.reserveCapacity(source.count)
      words.reserveCapacity(raw.count)
      tags.reserveCapacity(raw.count)
      for word in raw {
        let end = Self.urlStart(in: source, word) ?? word.upperBound
        guard end > word.lowerBound else { continue }
        let start = scalars.count
        appendMasked(source, word.lowerBound..<end)
        words.append(start..<scalars.count)
        tags.append(hashtagSpans(start..<scalars.count))
      }
    }

    // MARK: URLs and mentions

    private static let urlStarts = ["http://", "https://", "pic.twitter.com/"].map {
      Array($0.unicodeScalars.map(\.value))
    }

    /// The start of the word's first URL. A URL extends to the end of the word.
    private static func urlStart(in source: [UInt32], _ word: Range<Int>) -> Int? {
      for position in word {
        let lower = source[position] | 0x20
        guard lower == 0x68 || lower == 0x70 else { continue }
        for start in urlStarts where position + start.count <= word.upperBound {
          if start.indices.allSatisfy({ Self.lowercaseASCII(source[position + $0]) == start[$0] }) { return position }
        }
      }
      return nil
    }

    private static func lowercaseASCII(_ scalar: UInt32) -> UInt32 {
      scalar >= 0x41 && scalar <= 0x5A ? scalar | 0x20 : scalar
    }

    /// Appends the word with '@' and a user name replaced by "@user", unless a name character stands before the '@'.
    private mutating func appendMasked(_ source: [UInt32], _ word: Range<Int>) {
      var position = word.lowerBound
      while position < word.upperBound {
        let scalar = source[position]
        scalars.append(scalar)
        position += 1
        guard scalar == 0x40, position < word.upperBound, ScalarCategories.isNameCharacter(source[position]) else {
          continue
        }
        let isGlued = position - 1 > word.lowerBound && ScalarCategories.isNameCharacter(source[position - 2])
        guard !isGlued else { continue }
        scalars.append(contentsOf: [0x75, 0x73, 0x65, 0x72])
        while position < word.upperBound, ScalarCategories.isNameCharacter(source[position]) { position += 1 }
      }
    }

    // MARK: Hashtags

    /// The hashtags of one word.
    ///
    /// A hash sign opens a hashtag unless a hashtag character or '&' stands before it or it is part of an address. Directly after
    /// another hashtag it opens one too. A hashtag is the longest run of hashtag characters, but not decimal digits alone.
    private func hashtagSpans(_ word: Range<Int>) -> [Range<Int>] {
      guard scalars[word].contains(where: HashtagText.isSign) else { return [] }
      var spans: [Range<Int>] = []
      var position = word.lowerBound
      let limit = addressStart(in: word) ?? word.upperBound
      while position < limit {
        guard HashtagText.isSign(scalars[position]), canOpenTag(position, in: word, after: spans.last) else {
          position += 1
          continue
        }
        var end = position + 1
        var isTag = false
        while end < word.upperBound, categories.isHashtag(scalars[end]) {
          if !categories.isDigit(scalars[end]) { isTag = true }
          end += 1
        }
        if isTag { spans.append(position..<end) }
        position = end
      }
      return spans
    }

    private func canOpenTag(_ position: Int, in word: Range<Int>, after tag: Range<Int>?) -> Bool {
      if position == word.lowerBound || tag?.upperBound == position { return true }
      let before = scalars[position - 1]
      return before != 0x26 && !categories.isHashtag(before)
    }

    // MARK: Addresses without "http"

    /// The start of the path in an address that the normal form does not treat as a URL: "www.example.org/", "example.org?",
    /// "example.org:80", "ftp://". The path extends to the end of the word.
    private func addressStart(in word: Range<Int>) -> Int? {
      var start = word.lowerBound
      for position in word {
        let scalar = scalars[position]
        if categories.isWord(scalar) || scalar == 0x2D || scalar == 0x2E { continue }
        let host = start..<position
        start = position + 1
        let rest = scalars[position + 1..<word.upperBound]
        switch scalar {
        case 0x2F where isHost(host), 0x3F where isHost(host): return position
        case 0x3A where rest.starts(with: [0x2F, 0x2F]) && !host.isEmpty: return position
        case 0x3A where isHost(host) && rest.first.map(categories.isDigit) == true: return position
        default: continue
        }
      }
      return nil
    }

    /// Whether the range looks like "example.org" or "10.0.0.1".
    private func isHost(_ range: Range<Int>) -> Bool {
      let labels = scalars[range].split(separator: 0x2E, omittingEmptySubsequences: false)
      guard labels.count > 1, labels.allSatisfy({ !$0.isEmpty }), let last = labels.last else { return false }
      if labels.count == 4, labels.joined().allSatisfy({ (0x30...0x39).contains($0) }) { return true }
      if last.starts(with: [0x78, 0x6E, 0x2D, 0x2D]) { return true }
      return (2...24).contains(last.count) && last.allSatisfy { categories.isWord($0) && !categories.isDigit($0) && $0 != 0x5F }
    }

    // MARK: Cut hashtags

    /// Removes the last word if its last hashtag ends in an ellipsis: a retweet cut it off.
    mutating func removeCutTag() {
      guard let word = words.last, let tag = tags.last?.last else { return }
      let rest = scalars[tag.upperBound..<word.upperBound]
      guard rest.elementsEqual([0x2026]) || rest.elementsEqual([0x2E, 0x2E, 0x2E]) else { return }
      words.removeLast()
      tagsOfCutWord = tags.removeLast().dropLast()
    }

    // MARK: Results

    /// The display forms in order, one for each normal form. Hashtags with an empty normal form are left out.
    func hashtags() -> [String] {
      var result: [String] = []
      var seen: Set<[UInt8]> = []
      for tag in tags.joined() + tagsOfCutWord {
        var display: [UInt8] = []
        for scalar in scalars[tag].dropFirst() { UTF8Bytes.append(scalar, to: &display) }
        let normal = HashtagNormalForm.normalize(display)
        if !normal.isEmpty, seen.insert(normal).inserted { result.append(String(decoding: display, as: UTF8.self)) }
      }
      return result
    }

    /// The words joined by spaces, without the hash signs of hashtags and without trailing words that are only hashtags.
    func text() -> String {
      var kept = words.count
      while kept > 0, isOnlyHashtags(kept - 1) { kept -= 1 }
      if kept == 0 { kept = words.count }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(scalars.count + 8)
      for (number, word) in words[..<kept].enumerated() {
        if number > 0 { bytes.append(0x20) }
        var position = word.lowerBound
        for tag in tags[number] {
          for scalar in scalars[position..<tag.lowerBound] { UTF8Bytes.append(scalar, to: &bytes) }
          position = tag.lowerBound + 1
        }
        for scalar in scalars[position..<word.upperBound] { UTF8Bytes.append(scalar, to: &bytes) }
      }
      return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a word has hashtags, and no letter or number outside them.
    private func isOnlyHashtags(_ number: Int) -> Bool {
      guard !tags[number].isEmpty else { return false }
      var position = words[number].lowerBound
      for tag in tags[number] {
        if scalars[position..<tag.lowerBound].contains(where: categories.isLetterOrNumber) { return false }
        position = tag.upperBound
      }
      return !scalars[position..<words[number].upperBound].contains(where: categories.isLetterOrNumber)
    }
  }
}
