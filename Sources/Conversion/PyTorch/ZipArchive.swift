// SPDX-License-Identifier: Apache-2.0
/// The entries of a zip archive in memory, as `torch.save` writes it: stored, not compressed. Opening checks the whole archive:
/// every record is within the file, the two headers of an entry agree, no name is repeated, and no entries overlap.
///
/// Checksums of entries are not checked, because PyTorch can be told to write none (`set_crc32_options`).
struct ZipArchive: Sendable {
  /// The bytes of each entry in the file.
  let entries: [String: Range<Int>]

  /// A rule that the file breaks, and the byte.
  struct Failure: Error {
    let offset: Int
    let message: String
  }

  init(_ file: UnsafeRawBufferPointer) throws(Failure) {
    let bytes = LittleEndianBytes(file)
    let directory = try Directory(bytes)
    var entries: [String: Range<Int>] = [:]
    var ranges: [Range<Int>] = []
    var position = directory.range.lowerBound
    for _ in 0..<directory.count {
      let record = try Record(bytes, at: &position, end: directory.range.upperBound)
      let data = try record.data(bytes, end: directory.range.lowerBound)
      guard entries.updateValue(data, forKey: record.name) == nil else {
        throw Failure(offset: record.offset, message: "entry \"\(record.name)\" is there twice")
      }
      ranges.append(record.localOffset..<data.upperBound)
    }
    guard position == directory.range.upperBound else {
      throw Failure(offset: position, message: "the directory has more bytes than its \(directory.count) entries")
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(ranges, ranges.dropFirst()) where first.upperBound > second.lowerBound {
      throw Failure(offset: second.lowerBound, message: "an entry begins inside the one before")
    }
    self.entries = entries
  }

  /// The directory's place, from the end record of the file.
  private struct Directory {
    let count: Int
    let range: Range<Int>

    init(_ bytes: LittleEndianBytes) throws(Failure) {
      guard let end = Self.find(bytes) else {
        throw Failure(offset: bytes.count, message: "the archive has no end record: the file is cut")
      }
      func fail(_ message: String) -> Failure { Failure(offset: end, message: "end record: \(message)") }
      guard bytes.word16(end + 4) == 0, bytes.word16(end + 6) == 0 else { throw fail("the archive is split") }
      guard let shortCount = bytes.word16(end + 10), let shortSize = bytes.word32(end + 12),
        let shortOffset = bytes.word32(end + 16)
      else { throw fail("is cut") }
      var (count, size, offset, limit) = (Int(shortCount), Int(shortSize), Int(shortOffset), end)
      if bytes.word32(end - 20) == 0x0706_4B50 {
        // zip64: a locator before the end record points to another end record with 64-bit numbers.
        guard let place = bytes.size(end - 12), place <= end - 76, bytes.word32(place) == 0x0606_4B50 else {
          throw fail("there is no zip64 end record where the locator points")
        }
        guard bytes.word32(place + 16) == 0, bytes.word32(place + 20) == 0 else { throw fail("the archive is split") }
        guard let longCount = bytes.size(place + 32), let longSize = bytes.size(place + 40),
          let longOffset = bytes.size(place + 48)
        else { throw fail("zip64: a number is too large") }
        (count, size, offset, limit) = (longCount, longSize, longOffset, place)
      }
      guard offset <= limit, size == limit - offset else {
        throw fail("a directory of \(size) bytes at byte \(offset) does not end at byte \(limit)")
      }
      guard count <= size / Record.minimumSize else { throw fail("\(count) entries do not fit \(size) bytes") }
      self.count = count
      range = offset..<limit
    }

    /// Finds the end record: the last record, followed only by its comment of up to 65,535 bytes.
    private static func find(_ bytes: LittleEndianBytes) -> Int? {
      let last = bytes.count - 22
      guard last >= 0 else { return nil }
      return stride(from: last, through: max(0, last - 65535), by: -1).first { position in
        bytes.word32(position) == 0x0605_4B50 && bytes.word16(position + 20).map(Int.init) == last - position
      }
    }
  }
}

extension ZipArchive {
  /// An entry's record in the directory.
  private struct Record {
    static let minimumSize = 46

    /// The first byte of the record.
    let offset: Int
    let name: String
    let localOffset: Int
    let size: Int
    private let hasSizeBehind: Bool

    /// Reads the record at `position`, and moves `position` behind it. The directory ends at `end`.
    init(_ bytes: LittleEndianBytes, at position: inout Int, end: Int) throws(Failure) {
      let offset = position
      func fail(_ message: String) -> Failure { Failure(offset: offset, message: "directory: \(message)") }
      guard position <= end - Self.minimumSize, bytes.word32(position) == 0x0201_4B50,
        let flags = bytes.word16(position + 8), let method = bytes.word16(position + 10),
        let packed = bytes.word32(position + 20), let size = bytes.word32(position + 24),
        let nameSize = bytes.word16(position + 28), let extraSize = bytes.word16(position + 30),
        let commentSize = bytes.word16(position + 32), let disk = bytes.word16(position + 34),
        let localOffset = bytes.word32(position + 42)
      else { throw fail("no entry begins here") }
      let extra = position + Self.minimumSize + Int(nameSize)
      let next = extra + Int(extraSize) + Int(commentSize)
      guard next <= end else { throw fail("an entry ends behind the directory") }
      guard let name = bytes.text(position + Self.minimumSize..<extra) else { throw fail("a name is not UTF-8") }
      guard flags & 1 == 0 else { throw fail("entry \"\(name)\" is encrypted") }
      guard method == 0 else {
        throw fail("entry \"\(name)\" is compressed; store the entries without compression, as torch.save does")
      }
      guard disk == 0 || disk == 0xFFFF else { throw fail("the archive is split") }

      // Only the numbers that do not fit 32 bits are in the zip64 field, in this order.
      var long = bytes.extraField(1, in: extra..<extra + Int(extraSize))
      func number(_ short: UInt32) throws(Failure) -> Int {
        if short != .max { return Int(short) }
        guard let place = long?.lowerBound, let limit = long?.upperBound, limit - place >= 8, let value = bytes.size(place) else {
          throw fail("entry \"\(name)\" lacks its 64-bit size or place")
        }
        long = place + 8..<limit
        return value
      }
      let longSize = try number(size)
      let longPacked = try number(packed)
      guard longPacked == longSize else { throw fail("entry \"\(name)\" is stored, yet has two sizes") }
      self.localOffset = try number(localOffset)
      self.size = longSize
      self.name = name
      self.offset = offset
      hasSizeBehind = flags & 8 != 0
      position = next
    }

    /// The entry's bytes, from its local header. They must end before `end`, where the directory begins.
    func data(_ bytes: LittleEndianBytes, end: Int) throws(Failure) -> Range<Int> {
      func fail(_ message: String) -> Failure { Failure(offset: localOffset, message: "entry \"\(name)\": \(message)") }
      guard localOffset <= end - 30, bytes.word32(localOffset) == 0x0403_4B50, let method = bytes.word16(localOffset + 8),
        let short = bytes.word32(localOffset + 22), let nameSize = bytes.word16(localOffset + 26),
        let extraSize = bytes.word16(localOffset + 28)
      else { throw fail("no entry begins here") }
      let names = localOffset + 30..<localOffset + 30 + Int(nameSize)
      let begin = names.upperBound + Int(extraSize)
      guard begin <= end, size <= end - begin else { throw fail("its \(size) bytes end behind byte \(end)") }
      guard method == 0, bytes.text(names) == name, hasSizeBehind || short == .max || Int(short) == size else {
        throw fail("its header and the directory differ")
      }
      return begin..<begin + size
    }
  }
}
