// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// SentencePiece's precompiled charsmap, applied as `tokenizers` applies it.
///
/// A grapheme cluster of at most 5 bytes becomes the text of the shortest key that begins it, as a whole: what follows the key in
/// the cluster is lost. If no key begins it, or it is longer, the same is done with each of its scalars.
struct PrecompiledNormalizer: Sendable, Equatable {
  /// The longest text in bytes. The longest of `nmt_nfkc` has 33. It bounds what one byte of a tweet may become.
  static let longestText = 64
  private static let longestCluster = 5

  /// From keys to places in `texts`.
  let trie: DoubleArray
  /// The texts, each ended by a zero.
  let texts: Elements<UInt8>

  /// - Throws: `TextError.charsmap` if a text is too long.
  init(trie: DoubleArray, texts: Elements<UInt8>) throws(TextError) {
    self.trie = trie
    self.texts = texts
    defer { withExtendedLifetime(texts) {} }
    var length = 0
    for place in 0..<texts.count {
      length = texts[place] == 0 ? 0 : length + 1
      guard length <= Self.longestText else {
        throw .charsmap("the text at byte \(place - length + 1) has more than \(Self.longestText) bytes")
      }
    }
  }

  /// Reads the bytes of a charsmap: the size of the trie in bytes (uint32, little-endian), the trie, the texts.
  init(charsmap bytes: [UInt8]) throws(TextError) {
    func integer(_ place: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * $1) } }
    guard bytes.count >= 4, case let size = Int(integer(0)), size <= bytes.count - 4, size % 4 == 0 else {
      throw .charsmap("its trie is longer than its \(bytes.count) bytes, or not whole")
    }
    let units = stride(from: 4, to: 4 + size, by: 4).map(integer)
    try self.init(trie: DoubleArray(units: Elements(units)), texts: Elements(Array(bytes[(4 + size)...])))
  }

  /// Normalises `text`. O(bytes).
  func normalized(_ text: NormalText) -> NormalText {
    let bytes = text.bytes
    var writer = NormalText.Writer(text)
    var clusters = GraphemeClusters()
    var (start, position) = (0, 0)
    while position < bytes.count {
      let place = position
      let continues = clusters.continues(with: UTF8Bytes.next(in: bytes, at: &position))
      if !continues, place > start {
        add(start..<place, of: bytes, to: &writer)
        start = place
      }
    }
    if start < bytes.count { add(start..<bytes.count, of: bytes, to: &writer) }
    withExtendedLifetime(self) {}
    return writer.text
  }

  private func add(_ cluster: Range<Int>, of bytes: [UInt8], to writer: inout NormalText.Writer) {
    if cluster.count <= Self.longestCluster, let place = replacement(of: bytes, cluster) {
      return replace(cluster, by: place, in: &writer)
    }
    var position = cluster.lowerBound
    while position < cluster.upperBound {
      let start = position
      _ = UTF8Bytes.next(in: bytes, at: &position)
      if let place = replacement(of: bytes, start..<position) {
        replace(start..<position, by: place, in: &writer)
      } else {
        writer.keep(start..<position)
      }
    }
  }

  /// The place in `texts` of what the shortest key at the beginning of a part becomes.
  private func replacement(of bytes: [UInt8], _ part: Range<Int>) -> Int? {
    guard var base = trie.root else { return nil }
    var number: Int32 = -1
    for place in part {
      guard trie.follow(bytes[place], from: &base, number: &number) else { return nil }
      if number >= 0 { return Int(number) }
    }
    return nil
  }

  private func replace(_ part: Range<Int>, by place: Int, in writer: inout NormalText.Writer) {
    writer.beginReplacing(part)
    var place = place
    while place < texts.count, texts[place] != 0 {
      writer.replacement(texts[place])
      place += 1
    }
    writer.endReplacing()
  }
}
