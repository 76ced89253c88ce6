// SPDX-License-Identifier: Apache-2.0
/// A text on its way through a normaliser, and how far its beginning reaches.
///
/// `tokenizers` keeps for each scalar the part of the original text that it comes from. Only one thing depends on that: a
/// Metaspace with the scheme "first" puts its mark before parts that come from the text's very beginning. So it is enough to know
/// the number of bytes at the start that come from the original's first scalar, with the quirks of `tokenizers`.
struct NormalText: Sendable {
  private(set) var bytes: [UInt8]
  /// The bytes at the start that come from place 0 of the original.
  private(set) var leading: Int

  /// This text as a part of an original that begins before it.
  var withoutBeginning: NormalText { NormalText(bytes: bytes, leading: 0) }

  /// An original text.
  init(_ original: [UInt8]) {
    bytes = original
    var end = 0
    if !original.isEmpty { _ = UTF8Bytes.next(in: original, at: &end) }
    leading = end
  }

  private init(bytes: [UInt8], leading: Int) {
    self.bytes = bytes
    self.leading = leading
  }

  /// The text without the white space at its ends.
  func stripped(left: Bool, right: Bool) -> NormalText {
    let words = ByteLevelWords.shared
    let start = left ? words.endOfSpace(from: 0, in: bytes, limit: bytes.count) : 0
    let end = right ? words.startOfSpace(before: bytes.count, in: bytes, from: start) : bytes.count
    return NormalText(bytes: Array(bytes[start..<end]), leading: min(max(0, leading - start), end - start))
  }

  /// The text with `content` instead of each of the parts, which ascend and are not empty.
  func replacing(_ parts: [Range<Int>], by content: [UInt8]) -> NormalText {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var (reach, end) = (0, 0)
    func keep(_ part: Range<Int>) {
      if part.lowerBound < leading { reach = result.count + min(part.count, leading - part.lowerBound) }
      result += bytes[part]
    }
    for part in parts {
      keep(end..<part.lowerBound)
      result += content
      end = part.upperBound
      // The content comes from where the last scalar that it replaces came from.
      if end <= leading { reach = result.count }
    }
    keep(end..<bytes.count)
    return NormalText(bytes: result, leading: reach)
  }
}

extension NormalText {
  /// Writes a text whose scalars are kept or replaced one after the other.
  ///
  /// `tokenizers` aligns such a text by counts: of a replacement, as many scalars as it replaces come from one old scalar each, the
  /// others are insertions, which come from where the scalar before them came from. If fewer replace more, the last scalar
  /// written takes the rest. If none is written yet, the rest is forgotten, and the next scalars come from too early.
  struct Writer {
    private let old: NormalText
    private var result: [UInt8] = []
    /// The bytes of the old text that have been taken.
    private var taken = 0
    /// The bytes of the new text that come from place 0, and whether more can.
    private var reach = 0
    private var isReaching = true
    /// The last scalar written: its start, and whether it is an insertion.
    private var lastStart = 0
    private var isInsertion = false
    /// While a part is being replaced: the start of the new text, and the number of old scalars.
    private var start = 0
    private var replaced = 0

    init(_ old: NormalText) {
      self.old = old
      // A normal form is seldom much longer.
      result.reserveCapacity(old.bytes.count + old.bytes.count / 4)
    }

    var text: NormalText { NormalText(bytes: result, leading: min(reach, result.count)) }

    /// Keeps one scalar.
    mutating func keep(_ scalar: Range<Int>) {
      let start = result.count
      result += old.bytes[scalar]
      if isReaching { wrote(from: start, isInsertion: false) }
    }

    mutating func beginReplacing(_ part: Range<Int>) {
      start = result.count
      replaced = isReaching ? Self.scalars(old.bytes[part]) : 0
    }

    /// The next byte of the replacement.
    mutating func replacement(_ byte: UInt8) { result.append(byte) }

    mutating func endReplacing() {
      guard isReaching else { return }
      var position = start
      var count = 0
      while position < result.count {
        let scalar = position
        _ = UTF8Bytes.next(in: result, at: &position)
        if isReaching { wrote(from: scalar, to: position, isInsertion: count >= replaced) }
        count += 1
      }
      if isReaching, count < replaced { take(replaced - count) }
    }

    private mutating func wrote(from start: Int, to end: Int? = nil, isInsertion: Bool) {
      (lastStart, self.isInsertion) = (start, isInsertion)
      isReaching = isInsertion ? taken <= old.leading : taken < old.leading
      if isReaching { reach = end ?? result.count }
      if !isInsertion { advance() }
    }

    /// Lets the last scalar written take `count` more old scalars.
    private mutating func take(_ count: Int) {
      guard !result.isEmpty else { return }
      if isInsertion {
        isInsertion = false
        if taken >= old.leading { (reach, isReaching) = (lastStart, false) }
      }
      for _ in 0..<count { advance() }
    }

    private mutating func advance() {
      if taken < old.bytes.count { _ = UTF8Bytes.next(in: old.bytes, at: &taken) }
    }

    private static func scalars(_ bytes: ArraySlice<UInt8>) -> Int {
      bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }
  }
}
