// SPDX-License-Identifier: Apache-2.0

/// The output of `BertNormalizer`, as bytes: cleaned, spaces around ideographs, accents stripped, lower case.
/// `WordPiece` normalises scalar by scalar and does not need this form, except to match added tokens of the second round.
/// Normalising the result again changes nothing, except for more spaces around ideographs.
enum BertNormalForm {
  /// - Complexity: linear, apart from sorting the marks on one letter.
  static func of(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var form = Builder()
    let bytes = Array(bytes)
    var position = 0
    while position < bytes.count { form.add(UTF8Bytes.next(in: bytes, at: &position)) }
    form.orderMarks()
    return form.bytes
  }

  private struct Builder {
    var bytes: [UInt8] = []
    private let scalars = BertScalars.shared
    private var marks: [(combiningClass: UInt32, scalar: UInt32)] = []

    mutating func add(_ scalar: UInt32) {
      let value = scalars.table[scalar]
      switch value & 15 {
      case BertScalarKind.drop: break
      case BertScalarKind.barrier: orderMarks()
      case BertScalarKind.space: append(0x20)
      case BertScalarKind.ideograph: appendIdeograph(scalar)
      case BertScalarKind.toIdeograph: appendIdeograph(value >> 4)
      case BertScalarKind.toLetter, BertScalarKind.toPunctuation: append(value >> 4)
      case BertScalarKind.mark: marks.append((value >> 4, scalar))
      case BertScalarKind.hangul:
        // Unicode, section 3.12, as in `WordPiece.WordBuilder`.
        let index = scalar - 0xAC00
        append(0x1100 + index / 588)
        append(0x1161 + index % 588 / 28)
        if index % 28 != 0 { append(0x11A7 + index % 28) }
      case BertScalarKind.sequence: for part in scalars.expansions[Int(value >> 4)] { add(part) }
      default: append(scalar)
      }
    }

    /// Canonical ordering: by combining class; marks of equal class keep their order.
    mutating func orderMarks() {
      let order = marks.indices.sorted { (marks[$0].combiningClass, $0) < (marks[$1].combiningClass, $1) }
      for index in order { UTF8Bytes.append(marks[index].scalar, to: &bytes) }
      marks.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ scalar: UInt32) {
      orderMarks()
      UTF8Bytes.append(scalar, to: &bytes)
    }

    private mutating func appendIdeograph(_ scalar: UInt32) {
      append(0x20)
      append(scalar)
      append(0x20)
    }
  }
}
