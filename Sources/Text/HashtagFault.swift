// SPDX-License-Identifier: Apache-2.0
/// Why a hashtag of a corpus is not one that a person would want to be recommended.
///
/// The rules are narrow: of 9,449 hashtags that people typed in ASSIGNER's validation split, they refuse 4 as mojibake and 1 as
/// run together; 28 more have no letter.
package enum HashtagFault: CaseIterable, Sendable {
  /// Digits and underscores alone: "2017", "_".
  case letterless
  /// Characters that a wrong encoding made of others: "FergusÃ³n" instead of "Fergusón".
  case mojibake
  /// A sentence without spaces, or a tag with the beginning of a link.
  case runTogether

  /// More letters and digits than this make a sentence. Of 225,886 hashtags in 112,416 disaster tweets, 7 have more.
  package static let mostLetters = 40

  /// The fault of a hashtag's spelling (without "#"); nil for a sound hashtag. Linear.
  package static func find(in spelling: String) -> HashtagFault? {
    let scalars = Array(spelling.unicodeScalars)
    guard scalars.contains(where: isLetter) else { return .letterless }
    if isMojibake(scalars) { return .mojibake }
    return isRunTogether(scalars) ? .runTogether : nil
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isLowercase(scalar) || ("A"..."Z").contains(scalar) }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
    default: return false
    }
  }

  private static func isLowercase(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) }

  // MARK: Mojibake

  /// A lost character, emoji whose code was cut to four digits, or a sequence that no language has and that UTF-8 gives when it is
  /// read as another encoding.
  private static func isMojibake(_ scalars: [Unicode.Scalar]) -> Bool {
    // Letters of polytonic Greek come with plain Greek letters. Those of "Floodὤ4" (U+1F64 4) are half an emoji (U+1F644).
    var greek = (plain: false, extended: false)
    for (place, scalar) in scalars.enumerated() where !scalar.isASCII {
      switch scalar.value {
      case 0xFFFD: return true
      case 0x370...0x3FF: greek.plain = true
      case 0x1F00...0x1FFF: greek.extended = true
      case 0xC0...0xFF:
        let next = place + 1 < scalars.count ? scalars[place + 1] : nil
        if isMisread(scalar, after: place > 0 ? scalars[place - 1] : nil, before: next) { return true }
      default: break
      }
    }
    return greek.extended && !greek.plain
  }

  /// Whether a letter of U+00C0…U+00FF is the first byte of a UTF-8 sequence instead. Only pairs that no orthography has are taken as
  /// a sign: "Ãgua" stays (people who type without accents write it so), as do "CÂȚIVA", "déšť", "größe" and "minhaÂncora".
  private static func isMisread(
    _ scalar: Unicode.Scalar, after last: Unicode.Scalar?, before next: Unicode.Scalar?
  ) -> Bool {
    if let next {
      switch next {
      // A continuation byte that is a symbol in Latin-1 or Windows-1252. "Áª" to "ÿª" are no words.
      case "ª", "º", "²", "³", "¹", "¼", "½", "¾", "µ", "ƒ", "ˆ": return true
      // A continuation byte that is a letter in Windows-1252. Czech and Slovak write these after á, é, í, ó, ú, ý.
      case "Š", "Œ", "Ž", "š", "œ", "ž", "Ÿ":
        switch scalar {
        case "Â", "Ã", "Ð", "Ñ", "Ø", "Ù", "Û", "â", "ð", "å", "æ": return true
        default: break
        }
      default: break
      }
      // "…", "Â" and emoji after Windows-1252 was read as Mac Roman.
      switch (scalar, next) {
      case ("ä", "ó"), ("å", "Ê"), ("å", "È"), ("ô", "Ä"), ("ô", "É"): return true
      default: break
      }
    }
    // The first bytes of most accented letters (Â, Ã), and the same as Mac Roman (Ò, Ì).
    switch scalar {
    case "Â", "Ã", "Ì", "Ò":
      if let next, (0xC0...0xFF).contains(next.value) { return true }
      // The second byte was no letter, and ended the hashtag or fell out: "IrmaÂ", "JapÌ_n".
      guard let last, isLowercase(last) || ("0"..."9").contains(last) else { return false }
      return next.map { !isLowercase($0) } ?? true
    default: return false
    }
  }

  // MARK: Run together

  private static func isRunTogether(_ scalars: [Unicode.Scalar]) -> Bool {
    guard
      scalars.count <= mostLetters || scalars.count(where: { isLetter($0) || $0.properties.numericType != nil }) <= mostLetters
    else { return true }
    return hasLink(scalars)
  }

  /// Whether the hashtag ends with the beginning of a link ("NepalFloodhttp", "www"), or contains Twitter's short form of one. Links
  /// are in lower case: "PeaceTalksWithTTP" has none.
  private static func hasLink(_ scalars: [Unicode.Scalar]) -> Bool {
    func ends(with text: String) -> Bool { scalars.suffix(text.unicodeScalars.count).elementsEqual(text.unicodeScalars) }
    if ends(with: "http") || ends(with: "https") { return true }
    if scalars.elementsEqual("www".unicodeScalars) { return true }
    return ["httptco", "httpstco"].contains { link in
      let link = Array(link.unicodeScalars)
      return scalars.indices.contains { scalars[$0...].starts(with: link) }
    }
  }
}
