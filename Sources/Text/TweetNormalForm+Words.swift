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
    /// another hashtag it opens one too. A hashtag is the longest run of hashtag characters and the joiners inside it, or what stands
    /// between two signs; it has a letter.
    private func hashtagSpans(_ word: Range<Int>) -> [Range<Int>] {
      var left = scalars[word].count(where: HashtagText.isSign)
      if left == 0 { return [] }
      var spans: [Range<Int>] = []
      var position = word.lowerBound
      let limit = addressStart(in: word) ?? word.upperBound
      while position < limit, left > 0 {
        guard HashtagText.isSign(scalars[position]) else {
          position += 1
          continue
        }
        defer { left -= 1 }
        guard canOpenTag(position, in: word, after: spans.last) else {
          position += 1
          continue
        }
        if let closing = closingSign(from: position, in: word.lowerBound..<limit, isEven: left % 2 == 0) {
          spans.append(position..<closing + 1)
          position = closing + 1
          left -= 1
          continue
        }
        let end = HashtagText.end(of: scalars, from: position + 1, to: word.upperBound)
        if scalars[position..<end].contains(where: categories.isLetter) { spans.append(position..<end) }
        position = end
      }
      return spans
    }

    private func canOpenTag(_ position: Int, in word: Range<Int>, after tag: Range<Int>?) -> Bool {
      if position == word.lowerBound || tag?.upperBound == position { return true }
      let before = scalars[position - 1]
      return before != 0x26 && !categories.isHashtag(before)
    }

    /// The sign that closes the hashtag opened at `sign`, as on Weibo: "#two words#" (see `HashtagPhrases`).
    ///
    /// In "#a#b", the second sign opens another hashtag, but closes the first one between East Asian letters if each sign has its
    /// partner. East Asian writing may have punctuation between the signs.
    private func closingSign(from sign: Int, in word: Range<Int>, isEven: Bool) -> Int? {
      var (isPlain, isEastAsian, hasLetter) = (true, false, false)
      var closing = sign + 1
      let stop = min(word.upperBound, sign + HashtagPhrases.longest + 1)
      while closing < stop, case let scalar = scalars[closing], !HashtagText.isSign(scalar) {
        if scalar == 0x40 { return nil }
        isPlain = isPlain && (scalar == 0x20 || categories.isHashtag(scalar) || ScalarCategories.isJoiner(scalar))
        isEastAsian = isEastAsian || ScalarCategories.isEastAsian(scalar)
        hasLetter = hasLetter || categories.isLetter(scalar)
        closing += 1
      }
      guard closing < stop, hasLetter else { return nil }
      let isLast = closing + 1 == word.upperBound || !categories.isHashtag(scalars[closing + 1])
      guard isPlain, categories.isHashtag(scalars[closing - 1]) else { return isEastAsian && isLast ? closing : nil }
      return isLast || (isEastAsian && isEven) ? closing : nil
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
      guard let word = words.last, let tag = tags.last?.last, !isClosed(tag) else { return }
      let rest = scalars[tag.upperBound..<word.upperBound]
      guard rest.elementsEqual([0x2026]) || rest.elementsEqual([0x2E, 0x2E, 0x2E]) else { return }
      words.removeLast()
      tagsOfCutWord = tags.removeLast().dropLast()
    }

    // MARK: Results

    /// The display forms in order, one for each normal form.
    func hashtags() -> [String] {
      var result: [String] = []
      var seen: Set<[UInt8]> = []
      for tag in tags.joined() + tagsOfCutWord {
        let display = display(of: tag)
        if let normal = HashtagNormalForm.hashtag(display), seen.insert(Array(normal.utf8)).inserted { result.append(display) }
      }
      return result
    }

    /// Whether a scalar behind a closed hashtag would become a part of its word.
    private func joinsTag(_ scalar: UInt32) -> Bool { categories.isHashtag(scalar) || HashtagText.isSign(scalar) }

    /// Whether a hash sign also ends the hashtag.
    private func isClosed(_ tag: Range<Int>) -> Bool { HashtagText.isSign(scalars[tag.upperBound - 1]) }

    /// The characters of the hashtag. What else stands between two signs is left out.
    private func display(of tag: Range<Int>) -> String {
      let characters = scalars[tag].filter { categories.isHashtag($0) || ScalarCategories.isJoiner($0) }
      let first = characters.firstIndex(where: categories.isHashtag) ?? 0
      return HashtagText.string(characters[first..<HashtagText.end(of: characters, from: first)])
    }

    /// The words joined by spaces, without the hash signs of hashtags and without trailing words that are only hashtags. A closing sign
    /// before a word becomes a space.
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
          for scalar in scalars[tag] where !HashtagText.isSign(scalar) { UTF8Bytes.append(scalar, to: &bytes) }
          position = tag.upperBound
          if isClosed(tag), position < word.upperBound, joinsTag(scalars[position]) { bytes.append(0x20) }
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
