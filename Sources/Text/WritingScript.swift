// SPDX-License-Identifier: Apache-2.0
/// The script that a hashtag is written in, for a person who counts them.
package enum WritingScript: String, CaseIterable, Sendable {
  case latin = "Latin"
  case greek = "Greek"
  case cyrillic = "Cyrillic"
  case arabic = "Arabic"
  case hebrew = "Hebrew"
  case indic = "Indic"
  case thai = "Thai"
  case chinese = "Chinese"
  case japanese = "Japanese"
  case korean = "Korean"
  case other = "other"

  /// The script of most letters; of equally many, the one whose letter comes first. Kana make a word with Chinese characters
  /// Japanese. `other` without a letter.
  package static func of(_ text: String) -> WritingScript {
    var counts: [(script: WritingScript, letters: Int)] = []
    for scalar in text.unicodeScalars {
      guard let script = script(of: scalar) else { continue }
      if let place = counts.firstIndex(where: { $0.script == script }) {
        counts[place].letters += 1
      } else {
        counts.append((script, 1))
      }
    }
    if counts.contains(where: { $0.script == .japanese }), counts.allSatisfy({ [.japanese, .chinese].contains($0.script) }) {
      return .japanese
    }
    return counts.reduce(into: (script: WritingScript.other, letters: 0)) { if $1.letters > $0.letters { $0 = $1 } }.script
  }

  /// Nil for digits, marks and the like, which belong to every script.
  private static func script(of scalar: Unicode.Scalar) -> WritingScript? {
    switch scalar.value {
    case 0x41...0x5A, 0x61...0x7A: return .latin
    case ..<0x80: return nil
    case _ where !scalar.properties.isAlphabetic: return nil
    case 0xAA...0x2AF, 0x1E00...0x1EFF, 0x2C60...0x2C7F, 0xA720...0xA7FF, 0xFF21...0xFF5A: return .latin
    case 0x370...0x3FF, 0x1F00...0x1FFF: return .greek
    case 0x400...0x52F, 0x1C80...0x1C8F, 0x2DE0...0x2DFF, 0xA640...0xA69F: return .cyrillic
    case 0x590...0x5FF, 0xFB1D...0xFB4F: return .hebrew
    case 0x600...0x6FF, 0x750...0x77F, 0x870...0x8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFF: return .arabic
    case 0x900...0xDFF: return .indic
    case 0xE00...0xE7F: return .thai
    case 0x1100...0x11FF, 0x3130...0x318F, 0xA960...0xA97F, 0xAC00...0xD7FF: return .korean
    case 0x3040...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: return .japanese
    case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: return .chinese
    default: return .other
    }
  }
}
