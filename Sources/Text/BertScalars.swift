// SPDX-License-Identifier: Apache-2.0
/// What `BertNormalizer` and `BertPreTokenizer` do to a scalar: the low four bits of a table value.
///
/// The numbers match Tools/fixtures/unicode_tables.py, which derives the table from the `tokenizers` crate.
enum BertScalarKind {
  /// Stays unchanged, as part of a word.
  static let letter: UInt32 = 0
  /// Is removed: a control character, or an accent.
  static let drop: UInt32 = 1
  /// Is removed, but has combining class 0, so that marks before and after it keep their order.
  static let barrier: UInt32 = 2
  /// Ends a word.
  static let space: UInt32 = 3
  /// Is a word by itself.
  static let punctuation: UInt32 = 4
  /// Is a word by itself, because the normaliser puts spaces around it.
  static let ideograph: UInt32 = 5
  /// The same three kinds after replacement by one scalar, which the remaining bits encode.
  static let toLetter: UInt32 = 6
  static let toPunctuation: UInt32 = 7
  static let toIdeograph: UInt32 = 8
  /// Expands to several scalars: `BertScalars.expansions` at the index in the remaining bits.
  static let sequence: UInt32 = 9
  /// A Hangul syllable, decomposed by arithmetic.
  static let hangul: UInt32 = 10
  /// A mark that stays. The remaining bits are its combining class.
  static let mark: UInt32 = 11
}

/// The tables that `WordPiece` normalises with, unpacked on first use.
struct BertScalars: Sendable {
  let table: ScalarTable
  let expansions: [[UInt32]]

  static let shared = BertScalars()

  private init() {
    table = ScalarTable(packed: UnicodeTables.bert) { value, scalar in
      switch value & 15 {
      case BertScalarKind.toLetter, BertScalarKind.toPunctuation, BertScalarKind.toIdeograph:
        // Stored as the zigzag-encoded difference to the scalar, because runs of equal differences pack well.
        let zigzag = value >> 4
        let difference = zigzag & 1 == 0 ? zigzag >> 1 : ~(zigzag >> 1)
        return value & 15 | (scalar &+ difference) << 4
      default:
        return value
      }
    }
    expansions = PackedNumbers.lists(UnicodeTables.bertExpansions)
  }
}
