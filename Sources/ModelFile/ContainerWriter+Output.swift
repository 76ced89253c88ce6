// SPDX-License-Identifier: Apache-2.0

import System

extension ContainerWriter {
  /// Writes the container to the file at `path`; see `write(to:)` for an `OutputFile`.
  package func write(to path: String) throws(ContainerError) {
    let output: OutputFile
    do { output = try OutputFile(path, as: .container(kind)) } catch { throw ContainerError(error) }
    try write(to: output)
  }

  /// Writes the container to a temporary file, locks the old file meanwhile, and renames the new one into place; see
  /// `AtomicFile`.
  /// - Throws: `alias` if an alias in the metadata does not lead to a section; `output` if the file cannot be written.
  package func write(to output: OutputFile) throws(ContainerError) {
    let file: AtomicFile
    do {
      try output.lock()
      file = try AtomicFile(output)
    } catch {
      throw ContainerError(error)
    }
    try write(into: file, path: output.path)
    do { try file.commit() } catch { throw ContainerError(error) }
  }

  /// Writes the container into a temporary file.
  /// - Parameter path: the path for error messages.
  package func write(into file: AtomicFile, path: String) throws(ContainerError) {
    let (head, sections) = try layout(path: path)
    let append: Append = { (bytes) throws(ContainerError) in
      do throws(OutputError) { try file.append(bytes) } catch { throw ContainerError(error) }
    }
    try head.append(to: append)
    var end = head.count
    for item in sections {
      try [UInt8](repeating: 0, count: item.section.offset - end).append(to: append)
      try Self.append(item, path: path, append)
      end = item.section.offset + item.section.storedSize
    }
  }

  /// Writes a section's bytes. Their checksum is in the table already and must still match.
  private static func append(_ item: Pending, path: String, _ append: Append) throws(ContainerError) {
    var checksum = XXH64()
    var size = 0
    try item.pieces { (piece) throws(ContainerError) in
      checksum.update(piece)
      size += piece.count
      try append(piece)
    }
    let section = item.section
    guard checksum.value == section.checksum, size == section.storedSize else {
      throw ContainerError(
        path: path, section: section.name, offset: section.offset,
        rule: .checksum(recorded: section.checksum, actual: checksum.value))
    }
  }

  /// The bytes of the header and the table, and the sections with their offsets. Metadata comes first, so that opening a file
  /// touches only its first pages.
  func layout(path: String) throws(ContainerError) -> (head: [UInt8], sections: [Pending]) {
    try checkAliases(path: path)
    guard case .object = metadata else {
      throw ContainerError(path: path, section: ContainerLayout.metadataName, rule: .metadata("is not a JSON object"))
    }
    let document = Array(metadata.serialized().utf8)
    try checkReadable(document, path: path)
    var sections = [try Self.compressed(ContainerLayout.metadataName, document)] + pending
    guard sections.count <= ContainerLayout.maximumSections else {
      throw ContainerError(path: path, rule: .tableBounds("has \(sections.count) sections, which are too many"))
    }
    var names: [UInt8] = []
    var entries: [UInt8] = []
    let tableSize = sections.reduce(0) { $0 + ContainerLayout.entrySize + $1.section.name.utf8.count }
    var end = ContainerLayout.headerSize + tableSize
    for index in sections.indices {
      guard let offset = ContainerLayout.aligned(end) else { throw ContainerError(path: path, rule: .sizeOverflow) }
      let section = sections[index].section.placed(at: offset)
      sections[index].section = section
      entries.append(entry: section, nameOffset: names.count)
      names.append(contentsOf: section.name.utf8)
      let (next, overflow) = offset.addingReportingOverflow(section.storedSize)
      if overflow { throw ContainerError(path: path, section: section.name, rule: .sizeOverflow) }
      end = next
    }
    var head = ContainerLayout.magic
    head.append(little: ContainerLayout.endianness)
    head.append(little: ContainerLayout.version)
    head.append(little: kind.rawValue)
    head.append(little: UInt32(sections.count))
    head.append(little: UInt64(ContainerLayout.headerSize))
    head.append(little: UInt64(tableSize))
    head.append(little: UInt64(end))
    head.append(little: UInt64(0))
    let table = entries + names
    head.append(little: XXH64.hash(table, seed: XXH64.hash(head)))
    return (head + table, sections)
  }

  /// Checks the aliases before the file is written, because the reader would reject wrong ones.
  private func checkAliases(path: String) throws(ContainerError) {
    var indices = [ContainerLayout.metadataName: 0]
    for (index, item) in pending.enumerated() { indices[item.section.name] = index + 1 }
    _ = try ContainerFile.aliases(metadata, indices, path: path)
  }

  /// Checks the size of the metadata for the same reason.
  private func checkReadable(_ document: [UInt8], path: String) throws(ContainerError) {
    let name = ContainerLayout.metadataName
    guard document.count <= ContainerLayout.maximumMetadataSize else {
      throw ContainerError(
        path: path, section: name, rule: .tooLarge(size: document.count, limit: ContainerLayout.maximumMetadataSize))
    }
    do {
      _ = try JSONValue(parsing: document, maximumValues: ContainerLayout.maximumMetadataValues)
    } catch {
      throw ContainerError(path: path, section: name, rule: .metadata("\(error)"))
    }
  }
}

extension OutputFile.Kind {
  /// A model or an index, of any format version up to this program's.
  package static func container(_ kind: FileKind) -> Self {
    let starts = (1...ContainerLayout.version).map { version in
      var start = ContainerLayout.magic
      for number in [ContainerLayout.endianness, version, kind.rawValue] { start.append(little: number) }
      return start
    }
    return Self(name: "an assigner \(kind)", takesStreams: false) { head, _ in starts.contains { head.starts(with: $0) } }
  }
}

extension Section {
  func placed(at offset: Int) -> Section {
    Section(
      name: name, type: type, shape: shape, offset: offset, storedSize: storedSize, size: size,
      isCompressed: isCompressed, checksum: checksum)
  }
}

extension [UInt8] {
  mutating func append<Integer: FixedWidthInteger>(little value: Integer) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func append(entry section: Section, nameOffset: Int) {
    append(little: UInt32(nameOffset))
    append(little: UInt32(section.name.utf8.count))
    append(little: section.type.rawValue)
    append(little: UInt32(section.isCompressed ? 1 : 0))
    append(little: UInt32(section.shape.count))
    append(little: UInt32(0))
    for axis in 0..<ContainerLayout.maximumRank {
      append(little: UInt64(axis < section.shape.count ? section.shape[axis] : 0))
    }
    append(little: UInt64(section.offset))
    append(little: UInt64(section.storedSize))
    append(little: UInt64(section.size))
    append(little: section.checksum)
    append(little: UInt64(0))
  }
}
