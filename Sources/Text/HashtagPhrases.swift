// SPDX-License-Identifier: Apache-2.0
/// Hashtags of several words between two hash signs, as Weibo writes them: "#two words#".
enum HashtagPhrases {
  /// The most words of a phrase, and its most scalars with the closing sign.
  static let mostWords = 4
  static let longest = 40

  /// The words of a tweet, those of a phrase joined to one word with spaces in it. Linear.
  ///
  /// Only single spaces and hashtag characters stand between the signs. The closing sign follows a hashtag character. After it the word
  /// ends, or punctuation follows, but East Asian letters may go on. A last word of one Latin letter closes nothing ("#learn C#").
  static func joined(_ words: [Range<Int>], of scalars: [UInt32]) -> [Range<Int>] {
    guard scalars.contains(where: HashtagText.isSign) else { return words }
    var result: [Range<Int>] = []
    result.reserveCapacity(words.count)
    var number = 0
    while number < words.count {
      let last = lastWord(from: number, words, scalars) ?? number
      result.append(words[number].lowerBound..<words[last].upperBound)
      number = last + 1
    }
    return result
  }

  /// The last word of the phrase that the word `first` begins; nil if it begins none.
  private static func lastWord(from first: Int, _ words: [Range<Int>], _ scalars: [UInt32]) -> Int? {
    let categories = ScalarCategories.shared
    let word = words[first]
    guard let sign = scalars[word].lastIndex(where: HashtagText.isSign), isOpening(sign, in: word, scalars),
      scalars[sign + 1..<word.upperBound].allSatisfy(isInside), sign + 1 < word.upperBound
    else { return nil }
    var end = word.upperBound
    for number in first + 1..<max(first + 1, min(words.count, first + mostWords)) {
      let word = words[number]
      guard word.lowerBound == end + 1, scalars[end] == 0x20 else { return nil }
      end = word.upperBound
      guard let closing = scalars[word].firstIndex(where: { !isInside($0) }) else { continue }
      let isEastAsian = scalars[sign..<closing].contains(where: ScalarCategories.isEastAsian)
      let isLast = closing + 1 == end || !categories.isHashtag(scalars[closing + 1])
      guard HashtagText.isSign(scalars[closing]), closing > word.lowerBound, categories.isHashtag(scalars[closing - 1]),
        closing - sign <= longest, isEastAsian || (isLast && closing - word.lowerBound > 1),
        scalars[sign..<closing].contains(where: categories.isLetter)
      else { return nil }
      return number
    }
    return nil
  }

  /// Whether a sign can open a phrase: nothing that could be a part of an address stands before it.
  private static func isOpening(_ sign: Int, in word: Range<Int>, _ scalars: [UInt32]) -> Bool {
    guard sign > word.lowerBound else { return true }
    return scalars[sign - 1] != 0x26 && !ScalarCategories.shared.isHashtag(scalars[sign - 1])
      && !scalars[word.lowerBound..<sign].contains(where: ScalarCategories.isNameCharacter)
  }

  private static func isInside(_ scalar: UInt32) -> Bool {
    ScalarCategories.shared.isHashtag(scalar) || ScalarCategories.isJoiner(scalar)
  }
}
