// SPDX-License-Identifier: Apache-2.0
/// The scripts that put no spaces between words: Han, Hiragana, Katakana, Thai, Lao, Khmer and Myanmar.
enum UnspacedScripts {
  /// Whether `scalar` is a letter or a mark of such a script.
  @inline(__always)
  static func contain(_ scalar: UInt32) -> Bool { scalar >= 0xE00 && hold(scalar) }

  private static func hold(_ scalar: UInt32) -> Bool {
    switch scalar {
    // Digits are numbers as everywhere.
    case 0xE50...0xE59, 0xED0...0xED9, 0x1040...0x1049, 0x1090...0x1099, 0x17E0...0x17E9: false
    // Thai and Lao, Myanmar, Khmer.
    case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0xA9E0...0xA9FF, 0xAA60...0xAA7F: true
    // Signs that repeat a Han letter or stand for one, and kana.
    case 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x303B, 0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: true
    // Han, and historic kana.
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x1AFF0...0x1B16F, 0x20000...0x3FFFF: true
    default: false
    }
  }
}

/// A run of word characters with letters of ``UnspacedScripts``, whose words nothing shows.
struct UnspacedWord {
  /// UTF-8.
  private let form: [UInt8]
  private let scalars: [UInt32]
  /// Where each scalar begins in `form`, and the end.
  private let starts: [Int]

  /// The most scalars of a part that may be a hashtag.
  static let longestPart = 24

  /// - Parameter form: see ``WordForm``.
  init(_ form: [UInt8]) {
    self.form = form
    var scalars: [UInt32] = []
    var starts = [0]
    var position = 0
    while position < form.count {
      scalars.append(UTF8Bytes.next(in: form, at: &position))
      starts.append(position)
    }
    (self.scalars, self.starts) = (scalars, starts)
  }

  /// Scalars.
  var count: Int { scalars.count }

  func text(_ part: Range<Int>) -> String {
    String(decoding: form[starts[part.lowerBound]..<starts[part.upperBound]], as: UTF8.self)
  }

  func isUnspaced(_ place: Int) -> Bool { UnspacedScripts.contain(scalars[place]) }

  /// The end of the scalars from `place` on that are all of such a script, or all of others.
  func endOfStretch(from place: Int) -> Int {
    var end = place + 1
    while end < count, isUnspaced(end) == isUnspaced(place) || isMark(end) { end += 1 }
    return end
  }

  /// Every part of two scalars or more, up to `limit` from the start, that may be a hashtag and that `isKnown`, by place, then by
  /// length. A part neither begins with a mark nor divides a word or a number of another script.
  ///
  /// - Complexity: up to `longestPart` questions for each scalar.
  func parts(limit: Int, where isKnown: (String) -> Bool) -> [String] {
    let cuts = (0...count).map { canCut($0) }
    var parts: [String] = []
    for first in 0..<min(count, limit) where cuts[first] {
      for end in first + 2..<max(first + 2, min(count, first + Self.longestPart) + 1) where cuts[end] && end - first < count {
        let part = text(first..<end)
        if isKnown(part) { parts.append(part) }
      }
    }
    return parts
  }

  private func canCut(_ place: Int) -> Bool {
    if place == 0 || place == count { return true }
    return !isMark(place) && (isUnspaced(place) || isUnspaced(place - 1))
  }

  private func isMark(_ place: Int) -> Bool {
    scalars[place] != 0x5F && !ScalarCategories.shared.isLetterOrNumber(scalars[place])
  }
}
