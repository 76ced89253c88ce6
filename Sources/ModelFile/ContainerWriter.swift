// SPDX-License-Identifier: Apache-2.0
/// Collects sections and writes them as one container, in the order they were added.
///
/// ```swift
/// var writer = ContainerWriter(kind: .index)
/// writer.setMetadata(["architecture": "assigner-index"])
/// try writer.add("codes", shape: [rows, 48], elements: codes)
/// try writer.addCompressed("hashtags", bytes)
/// try writer.write(to: path)
/// ```
/// The same sections in the same order make the same bytes.
package struct ContainerWriter: Sendable {
  /// Gives a section's bytes in pieces: once for the checksum, once for the file, and the same ones each time.
  ///
  /// Keeps its source alive.
  package typealias Pieces = @Sendable (_ append: Append) throws(ContainerError) -> Void
  /// Takes the next bytes of a file.
  package typealias Append = (UnsafeRawBufferPointer) throws(ContainerError) -> Void

  /// A section that will be written.
  struct Pending: Sendable {
    var section: Section
    let pieces: Pieces
  }

  package let kind: FileKind
  private(set) var metadata: JSONValue = .object([:])
  private(set) var pending: [Pending] = []
  private var names: Set<String> = [ContainerLayout.metadataName]

  package init(kind: FileKind) {
    self.kind = kind
  }

  /// The names added so far, in order, without `metadata`.
  package var sectionNames: [String] { pending.map(\.section.name) }

  /// Sets the metadata object.
  ///
  /// Its member `aliases` maps a tensor's name to the section that it shares (see `ContainerFile.aliases`).
  package mutating func setMetadata(_ metadata: JSONValue) {
    self.metadata = metadata
  }

  /// Adds a raw section.
  /// - Throws: `name`, `duplicateName`, or `sizeMismatch` if the number of elements does not match `shape`.
  package mutating func add<Element: SectionElement>(
    _ name: String, shape: [Int], elements: [Element]
  ) throws(ContainerError) {
    try add(name, type: Element.elementType, shape: shape) { (append) throws(ContainerError) in
      try elements.append(to: append)
    }
  }

  /// Adds a raw section from bytes, which are little-endian elements of `type`.
  package mutating func add(
    _ name: String, type: ElementType, shape: [Int], bytes: [UInt8]
  ) throws(ContainerError) {
    try add(name, type: type, shape: shape) { (append) throws(ContainerError) in
      try bytes.append(to: append)
    }
  }

  /// Adds a raw section without copying its bytes. `owner` must keep them alive and unchanged until the writer is released.
  package mutating func add(
    _ name: String, type: ElementType, shape: [Int], borrowing bytes: UnsafeRawBufferPointer, owner: any AnyObject & Sendable
  ) throws(ContainerError) {
    nonisolated(unsafe) let bytes = bytes
    try add(name, type: type, shape: shape) { (append) throws(ContainerError) in
      defer { withExtendedLifetime(owner) {} }
      try append(bytes)
    }
  }

  /// Adds a raw section whose bytes are generated while it is written, so that it is never in memory as a whole.
  ///
  /// - Parameter checksum: the XXH64 of the bytes if it is known, which avoids generating them once more now. `write(to:)` throws
  ///   if the bytes have another checksum or number.
  /// - Throws: the errors of the other functions, and those of `pieces`.
  package mutating func add(
    _ name: String, type: ElementType, shape: [Int], checksum: UInt64? = nil, pieces: @escaping Pieces
  ) throws(ContainerError) {
    try register(name, shape)
    guard let expected = ContainerLayout.size(of: shape, type) else {
      throw ContainerError(path: "", section: name, rule: .sizeOverflow)
    }
    var hash = XXH64()
    var size = checksum == nil ? 0 : expected
    if checksum == nil {
      try pieces { piece in
        hash.update(piece)
        size += piece.count
      }
    }
    guard expected == size else {
      throw ContainerError(path: "", section: name, rule: .sizeMismatch(recorded: UInt64(size), expected: expected))
    }
    let section = Section(
      name: name, type: type, shape: shape, offset: 0, storedSize: size, size: size, isCompressed: false,
      checksum: checksum ?? hash.value)
    pending.append(Pending(section: section, pieces: pieces))
  }

  /// Adds a cold section: bytes that are read once, stored as an LZ4 frame.
  package mutating func addCompressed(_ name: String, _ bytes: [UInt8]) throws(ContainerError) {
    guard bytes.count <= ContainerLayout.maximumInflatedSize else {
      throw ContainerError(path: "", section: name, rule: .inflation(claimed: UInt64(bytes.count), stored: bytes.count))
    }
    try register(name, [bytes.count])
    pending.append(try Self.compressed(name, bytes))
  }

  /// Copies a section of another container as it is stored, compressed or not, with its checksum.
  ///
  /// The other file stays mapped until this one is written.
  ///
  /// - Throws: `missingSection`, `name`, `duplicateName`.
  package mutating func add(copying name: String, from file: ContainerFile) throws(ContainerError) {
    guard let section = file.section(name) else { throw file.failure(.missingSection, section: name) }
    try register(section.name, section.shape)
    pending.append(
      Pending(section: section) { (append) throws(ContainerError) in
        defer { withExtendedLifetime(file) {} }
        try append(file.stored(section))
      })
  }

  /// Checks everything that does not depend on the bytes.
  private mutating func register(_ name: String, _ shape: [Int]) throws(ContainerError) {
    guard ContainerLayout.isValidName(Array(name.utf8)) else {
      throw ContainerError(path: "", section: name, rule: .name("is not 1 to 255 visible ASCII characters"))
    }
    guard (1...ContainerLayout.maximumRank).contains(shape.count) else {
      throw ContainerError(path: "", section: name, rule: .rank(UInt32(clamping: shape.count)))
    }
    guard names.insert(name).inserted else { throw ContainerError(path: "", section: name, rule: .duplicateName) }
  }

  static func compressed(_ name: String, _ bytes: [UInt8]) throws(ContainerError) -> Pending {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(LZ4Frame.Failure) in try LZ4Frame.compress(buffer) }
    }
    let frame: [UInt8]
    switch result {
    case .success(let bytes): frame = bytes
    case .failure(let failure): throw ContainerError(path: "", section: name, rule: .frame(failure.message))
    }
    let section = Section(
      name: name, type: .uint8, shape: [bytes.count], offset: 0, storedSize: frame.count, size: bytes.count,
      isCompressed: true, checksum: XXH64.hash(frame))
    return Pending(section: section) { (append) throws(ContainerError) in try frame.append(to: append) }
  }
}

extension Array {
  /// The elements' bytes.
  func append(to append: ContainerWriter.Append) throws(ContainerError) {
    try withUnsafeBytes { bytes in Result { () throws(ContainerError) in try append(bytes) } }.get()
  }
}
