// SPDX-License-Identifier: Apache-2.0
/// The form in which words are compared: their hashtag normal form, without the short vowels of Arabic and the strokes that stretch
/// its words. Writers use these now and then; in a hashtag they stay, as typed.
enum WordForm {
  /// The form of a run of word characters; it may be empty. Linear.
  static func of(_ word: some StringProtocol) -> [UInt8] {
    let normal = HashtagNormalForm.normalize(Array(word.utf8))
    guard let first = normal.firstIndex(where: isLead), isArabic(normal, first) else { return normal }
    var result = Array(normal[..<first])
    var position = first
    while position < normal.count {
      let scalar = UTF8Bytes.next(in: normal, at: &position)
      if !isOrnament(scalar) { UTF8Bytes.append(scalar, to: &result) }
    }
    return result
  }

  /// Whether a byte begins a scalar of U+0600...U+06FF.
  private static func isLead(_ byte: UInt8) -> Bool { (0xD8...0xDB).contains(byte) }

  private static func isArabic(_ bytes: [UInt8], _ first: Int) -> Bool {
    var position = first
    while position < bytes.count {
      if isOrnament(UTF8Bytes.next(in: bytes, at: &position)) { return true }
    }
    return false
  }

  /// Tatweel, and marks of vowels and of the Quran.
  private static func isOrnament(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x640, 0x610...0x61A, 0x64B...0x65F, 0x670, 0x6D6...0x6DC, 0x6DF...0x6E4, 0x6E7...0x6E8, 0x6EA...0x6ED: true
    default: false
    }
  }
}
