// SPDX-License-Identifier: Apache-2.0
/// Normalisation form KC and full case folding of Unicode 14.0, over scalars.
///
/// The standard library knows both, but of the Unicode version of its toolchain. Index files hold normal forms, so the version must
/// not change under them. The tables are unpacked on first use; ASCII text needs none of them.
struct UnicodeForms: Sendable {
  private let decompositions = ScalarTable(packed: UnicodeTables.decompositions)
  private let foldings = ScalarTable(packed: UnicodeTables.foldings)
  private let combining = ScalarTable(packed: UnicodeTables.combining)
  private let sequences = PackedNumbers.lists(UnicodeTables.sequences)
  private let composites = Composites()

  static let shared = UnicodeForms()

  /// Normalisation form KC: compatibility decomposition, marks in canonical order, composition. O(n log n) for a run of n marks,
  /// else linear.
  func compatibilityComposed(_ scalars: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count)
    for scalar in scalars { decompose(scalar, into: &result) }
    order(&result)
    compose(&result)
    return result
  }

  /// Full case folding, scalar by scalar. Linear.
  func caseFolded(_ scalars: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count)
    for scalar in scalars { append(scalar, by: foldings, to: &result) }
    return result
  }

  /// Appends what a mapping makes of a scalar: itself, another scalar, or a sequence. Values are relative to the scalar.
  @inline(__always)
  private func append(_ scalar: UInt32, by mapping: ScalarTable, to result: inout [UInt32]) {
    let value = mapping[scalar]
    guard value != 0 else { return result.append(scalar) }
    let distance = value >> 1
    let target = distance & 1 == 0 ? scalar &+ distance >> 1 : scalar &- (distance &+ 1) >> 1
    if value & 1 == 0 { result.append(target) } else { result += sequences[Int(target)] }
  }

  private func decompose(_ scalar: UInt32, into result: inout [UInt32]) {
    let syllable = scalar &- Hangul.syllables
    guard syllable < Hangul.syllableCount else { return append(scalar, by: decompositions, to: &result) }
    result.append(Hangul.leading + syllable / Hangul.blockSize)
    result.append(Hangul.vowels + syllable % Hangul.blockSize / Hangul.trailingCount)
    let trailing = syllable % Hangul.trailingCount
    if trailing > 0 { result.append(Hangul.trailing + trailing) }
  }

  /// Sorts every run of marks by combining class; marks of one class keep their order.
  private func order(_ scalars: inout [UInt32]) {
    var position = 0
    while position < scalars.count {
      var end = position
      var isOrdered = true
      var last: UInt32 = 0
      while end < scalars.count, case let markClass = combining[scalars[end]] >> 1, markClass > 0 {
        if markClass < last { isOrdered = false }
        last = markClass
        end += 1
      }
      if !isOrdered {
        let sorted = (position..<end).sorted { (combining[scalars[$0]] >> 1, $0) < (combining[scalars[$1]] >> 1, $1) }
        scalars.replaceSubrange(position..<end, with: sorted.map { scalars[$0] })
      }
      position = end + 1
    }
  }

  /// Composes each starter with the marks after it that nothing blocks, in place.
  private func compose(_ scalars: inout [UInt32]) {
    var starter: Int?
    var last: UInt32 = 0
    var count = 0
    for scalar in scalars {
      let value = combining[scalar]
      let markClass = value >> 1
      if let starter, last == 0 || last < markClass, let composite = composite(scalars[starter], scalar, value) {
        scalars[starter] = composite
        continue
      }
      if markClass == 0 { starter = count }
      last = markClass
      scalars[count] = scalar
      count += 1
    }
    scalars.removeSubrange(count...)
  }

  private func composite(_ first: UInt32, _ second: UInt32, _ value: UInt32) -> UInt32? {
    if value & 1 != 0 { return composites.find(first, second) }
    let vowel = second &- Hangul.vowels
    if vowel < Hangul.vowelCount {
      let leading = first &- Hangul.leading
      guard leading < Hangul.leadingCount else { return nil }
      return Hangul.syllables + (leading * Hangul.vowelCount + vowel) * Hangul.trailingCount
    }
    let (syllable, trailing) = (first &- Hangul.syllables, second &- Hangul.trailing)
    guard trailing > 0, trailing < Hangul.trailingCount, syllable < Hangul.syllableCount,
      syllable % Hangul.trailingCount == 0
    else { return nil }
    return first + trailing
  }
}

/// The arithmetic of Hangul syllables (Unicode, chapter 3.12).
private enum Hangul {
  static let syllables: UInt32 = 0xAC00
  static let leading: UInt32 = 0x1100
  static let vowels: UInt32 = 0x1161
  /// One before the first trailing consonant.
  static let trailing: UInt32 = 0x11A7
  static let leadingCount: UInt32 = 19
  static let vowelCount: UInt32 = 21
  static let trailingCount: UInt32 = 28
  static let blockSize = vowelCount * trailingCount
  static let syllableCount = leadingCount * blockSize
}

/// The primary composites, found by their two parts.
private struct Composites: Sendable {
  /// Ascending: the first part, then the second.
  private var parts: [UInt64] = []
  private var wholes: [UInt32] = []

  init() {
    var numbers = PackedNumbers(UnicodeTables.compositions)
    var whole: UInt32 = 0
    var found: [(parts: UInt64, whole: UInt32)] = []
    while let distance = numbers.next(), let first = numbers.next(), let second = numbers.next() {
      whole += distance
      found.append((Self.key(first, second), whole))
    }
    found.sort { $0.parts < $1.parts }
    parts = found.map(\.parts)
    wholes = found.map(\.whole)
  }

  /// O(log composites).
  func find(_ first: UInt32, _ second: UInt32) -> UInt32? {
    let key = Self.key(first, second)
    var (low, high) = (0, parts.count)
    while low < high {
      let middle = (low + high) / 2
      if parts[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < parts.count && parts[low] == key ? wholes[low] : nil
  }

  private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }
}
