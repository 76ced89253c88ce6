// SPDX-License-Identifier: Apache-2.0
/// The kind of a scalar in a grapheme cluster: Grapheme_Cluster_Break of Unicode. The numbers are those of
/// `UnicodeTables.graphemes`.
enum GraphemeKind {
  static let other: UInt32 = 0
  static let control: UInt32 = 1
  static let extend: UInt32 = 2
  static let joiner: UInt32 = 3
  static let spacingMark: UInt32 = 4
  static let prepend: UInt32 = 5
  /// Hangul: consonants that lead, vowels, consonants that trail, syllables without and with a trailing consonant.
  static let leading: UInt32 = 6
  static let vowel: UInt32 = 7
  static let trailing: UInt32 = 8
  static let openSyllable: UInt32 = 9
  static let closedSyllable: UInt32 = 10
  static let pictograph: UInt32 = 11
}

/// The part of a scalar in an Indic conjunct: Indic_Conjunct_Break of Unicode, above the kind's 4 bits.
enum GraphemeConjunct {
  static let consonant: UInt32 = 1
  static let extend: UInt32 = 2
  static let linker: UInt32 = 3
}

/// Extended grapheme clusters (Unicode Standard Annex 29), in the Unicode version of `tokenizers`, scalar by scalar.
///
/// The standard library's `Character` has the Unicode version of its toolchain, and tokens must not change with it. Regional
/// indicators are not joined: SentencePiece's normaliser, the only user, takes clusters of 6 bytes and more apart.
struct GraphemeClusters {
  private static let table = ScalarTable(packed: UnicodeTables.graphemes)

  /// The last scalar's kind.
  private var last = GraphemeKind.control
  private var isAfterReturn = false
  /// Whether a pictograph, and marks, and a joiner are last (rule GB11).
  private var pictograph = Progress.none
  /// Whether a consonant and a linker are last (rule GB9c).
  private var conjunct = Progress.none

  private enum Progress { case none, begun, ready }

  /// Whether `scalar` continues the cluster of the scalar before it. The first scalar never does.
  mutating func continues(with scalar: UInt32) -> Bool {
    let value = Self.table[scalar]
    let isBreak = scalar == 0x0A || scalar == 0x0D
    let kind = isBreak ? GraphemeKind.control : value & 15
    let part = value >> 4
    let joins = isAfterReturn && scalar == 0x0A || self.joins(kind, part)
    isAfterReturn = scalar == 0x0D
    last = kind
    switch kind {
    case GraphemeKind.pictograph: pictograph = .begun
    case GraphemeKind.extend where pictograph == .begun: break
    case GraphemeKind.joiner where pictograph == .begun: pictograph = .ready
    default: pictograph = .none
    }
    switch part {
    case GraphemeConjunct.consonant: conjunct = .begun
    case GraphemeConjunct.linker where conjunct != .none: conjunct = .ready
    case GraphemeConjunct.extend: break
    default: conjunct = .none
    }
    return joins
  }

  private func joins(_ kind: UInt32, _ part: UInt32) -> Bool {
    if last == GraphemeKind.control || kind == GraphemeKind.control { return false }
    switch kind {
    case GraphemeKind.extend, GraphemeKind.joiner, GraphemeKind.spacingMark: return true
    case _ where last == GraphemeKind.prepend: return true
    case _ where part == GraphemeConjunct.consonant && conjunct == .ready: return true
    case GraphemeKind.pictograph: return pictograph == .ready
    case GraphemeKind.leading, GraphemeKind.openSyllable, GraphemeKind.closedSyllable: return last == GraphemeKind.leading
    case GraphemeKind.vowel:
      return last == GraphemeKind.leading || last == GraphemeKind.vowel || last == GraphemeKind.openSyllable
    case GraphemeKind.trailing:
      return last == GraphemeKind.vowel || last == GraphemeKind.trailing || last == GraphemeKind.openSyllable
        || last == GraphemeKind.closedSyllable
    default: return false
    }
  }
}
