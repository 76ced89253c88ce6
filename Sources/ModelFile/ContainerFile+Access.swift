// SPDX-License-Identifier: Apache-2.0

extension ContainerFile {
  /// The elements of a raw section, directly in the memory map without a copy.
  ///
  /// The pointer is valid while this object lives, and does not keep it alive. A type that stores the pointer must store the
  /// file, too. A function that reads through it must end with `withExtendedLifetime(file) {}`.
  ///
  /// - Parameters:
  ///   - name: the section's name, or an alias of it.
  ///   - shape: the expected shape, row-major; nil accepts every shape.
  /// - Throws: `missingSection`, `wrongType`, `wrongShape`, or `compressed` for a cold section. The checksum is not checked;
  ///   `verify()` does that.
  package func elements<Element: SectionElement>(
    _ name: String, as type: Element.Type = Element.self, shape: [Int]? = nil
  ) throws(ContainerError) -> UnsafeBufferPointer<Element> {
    guard let section = section(name) else { throw failure(.missingSection, section: name) }
    if section.type != Element.elementType {
      throw failure(.wrongType(expected: Element.elementType, found: section.type), section: name)
    }
    if let shape, shape != section.shape {
      throw failure(.wrongShape(expected: shape, found: section.shape), section: name)
    }
    if section.isCompressed { throw failure(.compressed, section: name) }
    return stored(section).bindMemory(to: Element.self)
  }

  /// A float32 section; see `elements(_:as:shape:)`.
  package func floats(_ name: String, shape: [Int]? = nil) throws(ContainerError) -> UnsafeBufferPointer<Float> {
    try elements(name, shape: shape)
  }

  /// An int8 section; see `elements(_:as:shape:)`.
  package func int8(_ name: String, shape: [Int]? = nil) throws(ContainerError) -> UnsafeBufferPointer<Int8> {
    try elements(name, shape: shape)
  }

  /// A uint8 section; see `elements(_:as:shape:)`.
  package func uint8(_ name: String, shape: [Int]? = nil) throws(ContainerError) -> UnsafeBufferPointer<UInt8> {
    try elements(name, shape: shape)
  }

  /// A uint16 section; see `elements(_:as:shape:)`.
  package func uint16(_ name: String, shape: [Int]? = nil) throws(ContainerError) -> UnsafeBufferPointer<UInt16> {
    try elements(name, shape: shape)
  }

  /// A uint32 section; see `elements(_:as:shape:)`.
  package func uint32(_ name: String, shape: [Int]? = nil) throws(ContainerError) -> UnsafeBufferPointer<UInt32> {
    try elements(name, shape: shape)
  }

  /// An int32 section; see `elements(_:as:shape:)`.
  package func int32(_ name: String, shape: [Int]? = nil) throws(ContainerError) -> UnsafeBufferPointer<Int32> {
    try elements(name, shape: shape)
  }

  /// A uint64 section; see `elements(_:as:shape:)`.
  package func uint64(_ name: String, shape: [Int]? = nil) throws(ContainerError) -> UnsafeBufferPointer<UInt64> {
    try elements(name, shape: shape)
  }

  /// A copy of a section's bytes, inflated if it is cold.
  ///
  /// The checksum of a cold section is checked first: it is read only once, and LZ4 would turn damage into wrong bytes.
  ///
  /// - Parameter limit: the most bytes that this section may have. Checked before any byte is copied.
  /// - Throws: `tooLarge` if the section is larger.
  package func bytes(_ name: String, limit: Int = .max) throws(ContainerError) -> [UInt8] {
    guard let section = section(name) else { throw failure(.missingSection, section: name) }
    guard section.size <= limit else { throw failure(.tooLarge(size: section.size, limit: limit), section: name) }
    defer { withExtendedLifetime(file) {} }
    return try Self.bytes(section, file.bytes, path: path)
  }

  /// The JSON document in a section.
  package func json(_ name: String) throws(ContainerError) -> JSONValue {
    do {
      return try JSONValue(
        parsing: bytes(name, limit: ContainerLayout.maximumDocumentSize),
        maximumValues: ContainerLayout.maximumDocumentValues)
    } catch let error as ContainerError {
      throw error
    } catch {
      throw failure(.value("\(error)"), section: name)
    }
  }

  /// A copy of the elements of a raw section.
  package func array<Element: SectionElement>(
    _ name: String, as type: Element.Type = Element.self, shape: [Int]? = nil
  ) throws(ContainerError) -> [Element] {
    defer { withExtendedLifetime(file) {} }
    return Array(try elements(name, as: type, shape: shape))
  }

  /// The stored bytes of a section of this file.
  func stored(_ section: Section) -> UnsafeRawBufferPointer {
    Self.stored(section, file.bytes)
  }

  /// In bounds, because `ContainerHeader.sections` checks the range of every section.
  static func stored(_ section: Section, _ file: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: file[section.offset..<section.offset + section.storedSize])
  }

  static func bytes(
    _ section: Section, _ file: UnsafeRawBufferPointer, path: String
  ) throws(ContainerError) -> [UInt8] {
    let stored = stored(section, file)
    guard section.isCompressed else { return Array(stored) }
    let checksum = XXH64.hash(stored)
    if checksum != section.checksum {
      throw ContainerError(
        path: path, section: section.name, offset: section.offset,
        rule: .checksum(recorded: section.checksum, actual: checksum))
    }
    do {
      return try LZ4Frame.inflate(stored, size: section.size)
    } catch {
      throw ContainerError(path: path, section: section.name, offset: section.offset, rule: .frame(error.message))
    }
  }
}
