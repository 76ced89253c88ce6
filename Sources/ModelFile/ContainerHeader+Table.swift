// SPDX-License-Identifier: Apache-2.0

extension ContainerHeader {
  /// Reads the section table. Every returned section lies inside the file, begins where `ContainerLayout` says, and has the size
  /// of its shape and type.
  func sections(_ file: UnsafeRawBufferPointer, path: String) throws(ContainerError) -> [Section] {
    var sections: [Section] = []
    sections.reserveCapacity(sectionCount)
    let tableEnd = ContainerLayout.headerSize + tableSize
    let names = ContainerLayout.headerSize + sectionCount * ContainerLayout.entrySize
    var nameOffset = 0
    var end = tableEnd
    for index in 0..<sectionCount {
      let entry = ContainerLayout.headerSize + index * ContainerLayout.entrySize
      let name = try name(file, entry, names: names, nameOffset: nameOffset, limit: tableEnd, path: path)
      nameOffset += name.utf8.count
      let section = try section(file, entry, name: name, previousEnd: end, path: path)
      // In bounds, because `section` has checked offset + storedSize against the file.
      end = section.offset + section.storedSize
      sections.append(section)
      if index == 0 { try checkPadding(file, from: tableEnd, to: section.offset, path: path) }
    }
    guard names + nameOffset == tableEnd else {
      throw ContainerError(
        path: path, offset: 32, rule: .tableBounds("has \(tableEnd - names) bytes of names; the sections use \(nameOffset)"))
    }
    guard end == file.count else {
      throw ContainerError(
        path: path, offset: end, rule: .tableBounds("the sections end at byte \(end), the file at byte \(file.count)"))
    }
    return sections
  }

  /// The name of the section whose entry begins at `entry`. Names are adjacent.
  private func name(
    _ file: UnsafeRawBufferPointer, _ entry: Int, names: Int, nameOffset: Int, limit: Int, path: String
  ) throws(ContainerError) -> String {
    let offset = file.uint32(entry)
    let length = Int(file.uint32(entry + 4))
    guard offset == UInt32(exactly: nameOffset) else {
      throw ContainerError(path: path, offset: entry, rule: .name("begins at \(offset) instead of \(nameOffset)"))
    }
    let start = names + nameOffset
    guard (1...ContainerLayout.maximumNameLength).contains(length), length <= limit - start else {
      throw ContainerError(path: path, offset: entry + 4, rule: .name("has length \(length)"))
    }
    let bytes = file[start..<start + length]
    guard ContainerLayout.isValidName(bytes) else {
      throw ContainerError(path: path, offset: start, rule: .name("has a byte that is not a visible ASCII character"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func section(
    _ file: UnsafeRawBufferPointer, _ entry: Int, name: String, previousEnd: Int, path: String
  ) throws(ContainerError) -> Section {
    func fail(_ field: Int, _ rule: ContainerError.Rule) -> ContainerError {
      ContainerError(path: path, section: name, offset: entry + field, rule: rule)
    }
    guard let type = ElementType(rawValue: file.uint32(entry + 8)) else {
      throw fail(8, .unknownElementType(file.uint32(entry + 8)))
    }
    let encoding = file.uint32(entry + 12)
    guard encoding <= 1 else { throw fail(12, .unknownEncoding(encoding)) }
    let rank = file.uint32(entry + 16)
    guard (1...UInt32(ContainerLayout.maximumRank)).contains(rank) else { throw fail(16, .rank(rank)) }
    guard file.uint32(entry + 20) == 0 else { throw fail(20, .reservedNotZero) }
    guard file.uint64(entry + 88) == 0 else { throw fail(88, .reservedNotZero) }
    var shape: [Int] = []
    for axis in 0..<ContainerLayout.maximumRank {
      let field = 24 + 8 * axis
      if axis < Int(rank) {
        guard let dimension = Int(exactly: file.uint64(entry + field)) else { throw fail(field, .sizeOverflow) }
        shape.append(dimension)
      } else if file.uint64(entry + field) != 0 {
        throw fail(field, .reservedNotZero)
      }
    }
    guard let size = ContainerLayout.size(of: shape, type) else { throw fail(24, .sizeOverflow) }
    guard file.uint64(entry + 72) == UInt64(size) else {
      throw fail(72, .sizeMismatch(recorded: file.uint64(entry + 72), expected: size))
    }
    guard let expected = ContainerLayout.aligned(previousEnd) else { throw fail(56, .sizeOverflow) }
    guard file.uint64(entry + 56) == UInt64(expected) else {
      throw fail(56, .misplaced(recorded: file.uint64(entry + 56), expected: expected))
    }
    let stored = file.uint64(entry + 64)
    let (end, overflow) = UInt64(expected).addingReportingOverflow(stored)
    guard !overflow, end <= UInt64(file.count), let storedSize = Int(exactly: stored) else {
      throw fail(64, .outOfBounds(end: overflow ? .max : end, limit: file.count))
    }
    if encoding == 0 {
      guard storedSize == size else { throw fail(64, .sizeMismatch(recorded: stored, expected: size)) }
    } else {
      // Division instead of multiplication, which a stored size near Int.max would overflow.
      guard size <= ContainerLayout.maximumInflatedSize, size / ContainerLayout.maximumInflation <= storedSize else {
        throw fail(72, .inflation(claimed: UInt64(size), stored: storedSize))
      }
    }
    return Section(
      name: name, type: type, shape: shape, offset: expected, storedSize: storedSize, size: size,
      isCompressed: encoding == 1, checksum: file.uint64(entry + 80))
  }

  private func checkPadding(
    _ file: UnsafeRawBufferPointer, from start: Int, to end: Int, path: String
  ) throws(ContainerError) {
    // `end` lies inside the file, because `section` has checked it.
    for offset in start..<end where file[offset] != 0 {
      throw ContainerError(path: path, offset: offset, rule: .padding)
    }
  }
}
