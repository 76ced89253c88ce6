// SPDX-License-Identifier: Apache-2.0
/// What `BertNormalizer` and `BertPreTokenizer` make of a scalar; the low four bits of the table's values.
///
/// The numbers are those of Tools/fixtures/unicode_tables.py, which asks the crate itself.
enum BertScalarKind {
  /// Stays as it is, part of a word.
  static let letter: UInt32 = 0
  /// Vanishes: a control character, or a mark that stripping accents removes.
  static let drop: UInt32 = 1
  /// Vanishes, but has combining class 0, so marks before and after it keep their order.
  static let barrier: UInt32 = 2
  /// Ends a word.
  static let space: UInt32 = 3
  /// A word of its own.
  static let punctuation: UInt32 = 4
  /// A word of its own, because spaces are put around it.
  static let ideograph: UInt32 = 5
  /// The same three after a replacement by one scalar (the rest of the value).
  static let toLetter: UInt32 = 6
  static let toPunctuation: UInt32 = 7
  static let toIdeograph: UInt32 = 8
  /// Stands for several scalars: `BertScalars.expansions` at the rest of the value.
  static let sequence: UInt32 = 9
  /// A Hangul syllable, taken apart by arithmetic.
  static let hangul: UInt32 = 10
  /// A mark that stays; the rest of the value is its combining class.
  static let mark: UInt32 = 11
}

/// The tables behind `WordPiece`'s normalisation, unpacked on first use.
struct BertScalars: Sendable {
  let table: ScalarTable
  let expansions: [[UInt32]]

  static let shared = BertScalars()

  private init() {
    table = ScalarTable(packed: UnicodeTables.bert) { value, scalar in
      switch value & 15 {
      case BertScalarKind.toLetter, BertScalarKind.toPunctuation, BertScalarKind.toIdeograph:
        // Stored as the zigzag difference to the scalar: runs of equal differences pack well.
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
