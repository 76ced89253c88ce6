// SPDX-License-Identifier: Apache-2.0
/// The first 64 bytes of a container, checked against the file.
struct ContainerHeader {
  let version: UInt32
  let kind: FileKind
  let sectionCount: Int
  let tableSize: Int

  /// - Parameter file: the whole file, at least 64 bytes.
  init(_ file: UnsafeRawBufferPointer, path: String) throws(ContainerError) {
    func fail(_ offset: Int, _ rule: ContainerError.Rule) -> ContainerError {
      ContainerError(path: path, offset: offset, rule: rule)
    }
    guard file.count >= ContainerLayout.headerSize else { throw fail(0, .tooShort(size: file.count)) }
    guard file.prefix(8).elementsEqual(ContainerLayout.magic) else {
      throw fail(0, GitPointer.isOne(file) ? .gitPointer : .notAContainer)
    }
    let endianness = file.uint32(8)
    guard endianness == ContainerLayout.endianness else { throw fail(8, .endianness(endianness)) }
    // Check the version first: a newer version may give the other fields another meaning.
    version = file.uint32(12)
    guard version <= ContainerLayout.version else {
      throw fail(12, .newerVersion(found: version, supported: ContainerLayout.version))
    }
    guard version >= 1 else { throw fail(12, .unknownVersion(version)) }
    let size = file.uint64(40)
    guard size == UInt64(file.count) else { throw fail(40, .fileSize(recorded: size, actual: file.count)) }
    guard let kind = FileKind(rawValue: file.uint32(16)) else { throw fail(16, .unknownKind(file.uint32(16))) }
    self.kind = kind
    guard file.uint64(48) == 0 else { throw fail(48, .reservedNotZero) }

    let tableOffset = file.uint64(24)
    guard tableOffset == UInt64(ContainerLayout.headerSize) else {
      throw fail(24, .tableBounds("begins at byte \(tableOffset), not \(ContainerLayout.headerSize)"))
    }
    let count = Int(file.uint32(20))
    guard count <= ContainerLayout.maximumSections else {
      throw fail(20, .tableBounds("has \(count) sections, more than \(ContainerLayout.maximumSections)"))
    }
    let available = file.count - ContainerLayout.headerSize
    guard let tableSize = Int(exactly: file.uint64(32)), tableSize <= available else {
      throw fail(32, .tableBounds("has \(file.uint64(32)) bytes, of which the file has \(available)"))
    }
    // No overflow: there are at most 65,536 entries of 96 bytes.
    guard tableSize >= count * ContainerLayout.entrySize else {
      throw fail(32, .tableBounds("has \(tableSize) bytes, too few for \(count) sections"))
    }
    sectionCount = count
    self.tableSize = tableSize
    let recorded = file.uint64(ContainerLayout.checksumOffset)
    let actual = Self.checksum(file, tableSize: tableSize)
    guard recorded == actual else {
      throw fail(ContainerLayout.checksumOffset, .headerChecksum(recorded: recorded, actual: actual))
    }
  }

  /// The checksum of the table and of the header up to its checksum field.
  static func checksum(_ file: UnsafeRawBufferPointer, tableSize: Int) -> UInt64 {
    let header = UnsafeRawBufferPointer(rebasing: file[..<ContainerLayout.checksumOffset])
    let table = UnsafeRawBufferPointer(
      rebasing: file[ContainerLayout.headerSize..<ContainerLayout.headerSize + tableSize])
    return XXH64.hash(table, seed: XXH64.hash(header))
  }
}

extension UnsafeRawBufferPointer {
  /// Little-endian. The caller ensures that the four bytes exist.
  func uint32(_ offset: Int) -> UInt32 { UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
  /// Little-endian. The caller ensures that the eight bytes exist.
  func uint64(_ offset: Int) -> UInt64 { UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
}
