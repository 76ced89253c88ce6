// SPDX-License-Identifier: Apache-2.0
/// The form in which hashtags are compared, for every script: NFKC of the full case folding of NFKC; "i" for "i" and U+0307;
/// then only letters, marks, decimal digits and '_'. All of it is that of Unicode 14.0.
///
/// `hashtag_normal_form` in Tools/assigner_training/normal_form.py must do the same.
package enum HashtagNormalForm {
  /// The version of this form, recorded in index files. Version 1 kept [0-9a-z_] alone.
  package static let version = 2

  /// The normal form of `tag`; it may be empty, or have no letter.
  ///
  ///     HashtagNormalForm.normalize("#Ｆlood²")  // "flood2"
  ///     HashtagNormalForm.normalize("#Straße")  // "strasse"
  ///
  /// - Complexity: linear, but O(n log n) for a run of n marks.
  package static func normalize(_ tag: String) -> String {
    String(decoding: normalize(Array(tag.utf8)), as: UTF8.self)
  }

  /// The normal form of `tag`, or nil if it has no letter: then it is no hashtag.
  package static func hashtag(_ tag: String) -> String? {
    let normal = normalize(tag)
    return isHashtag(normal) ? normal : nil
  }

  /// Whether a normal form has a letter. Linear.
  package static func isHashtag(_ normal: String) -> Bool {
    normal.utf8.contains { isASCIILetter($0) }
      || normal.unicodeScalars.contains { $0.value >= 0x80 && ScalarCategories.shared.isLetter($0.value) }
  }

  /// The normal form of version 1, with which the published figures were measured: NFKC, lower case, and only [0-9a-z_].
  ///
  ///     HashtagNormalForm.ascii("Café")  // "caf": "é" is one letter and not in [a-z]
  package static func ascii(_ tag: String) -> String {
    var result: [UInt8] = []
    for scalar in UnicodeForms.shared.compatibilityComposed(tag.unicodeScalars.map(\.value)) {
      if scalar < 0x80 {
        appendKept(UInt8(truncatingIfNeeded: scalar), to: &result)
      } else if scalar == 0x130 {
        result.append(0x69)  // the one letter whose lower case begins with an ASCII letter
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The normal form of UTF-8 bytes.
  static func normalize(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte >= 0x80 { return normalize(scalars: scalars(of: bytes)) }
      appendKept(byte, to: &result)
    }
    return result
  }

  private static func normalize(scalars: [UInt32]) -> [UInt8] {
    let forms = UnicodeForms.shared
    let folded = forms.compatibilityComposed(forms.caseFolded(forms.compatibilityComposed(scalars)))
    let categories = ScalarCategories.shared
    var result: [UInt8] = []
    result.reserveCapacity(folded.count * 3)
    var position = 0
    while position < folded.count {
      let scalar = folded[position]
      position += 1
      if scalar == 0x69, position < folded.count, folded[position] == 0x307 { position += 1 }
      if scalar == 0x5F || categories.isKept(scalar) { UTF8Bytes.append(scalar, to: &result) }
    }
    return result
  }

  private static func scalars(of bytes: [UInt8]) -> [UInt32] {
    var scalars: [UInt32] = []
    scalars.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count { scalars.append(UTF8Bytes.next(in: bytes, at: &position)) }
    return scalars
  }

  @inline(__always)
  private static func isASCIILetter(_ byte: UInt8) -> Bool { byte < 0x80 && byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

  /// Appends an ASCII letter in lower case, a digit or '_'.
  @inline(__always)
  private static func appendKept(_ byte: UInt8, to result: inout [UInt8]) {
    if isASCIILetter(byte) {
      result.append(byte | 0x20)
    } else if (byte >= 0x30 && byte <= 0x39) || byte == 0x5F {
      result.append(byte)
    }
  }
}
