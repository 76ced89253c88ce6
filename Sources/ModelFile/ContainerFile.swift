// SPDX-License-Identifier: Apache-2.0

import System

/// A model or index file, opened for reading: `ContainerLayout` says what its bytes are.
///
/// Opening checks the header, the table and the metadata (a few kilobytes), so it costs the same for any size of file;
/// `verify()` reads everything. Nothing in the file is trusted: whatever it holds, the outcome is a `ContainerError` or
/// memory that lies wholly inside the map. Immutable and safe to share between threads.
package final class ContainerFile: Sendable {
  /// As the caller named it.
  package let path: String
  package let kind: FileKind
  package let formatVersion: UInt32
  /// The section `metadata`: a JSON object with the architecture and every hyper-parameter by name.
  package let metadata: JSONValue
  /// In the order of the file.
  package let sections: [Section]
  /// Names that stand for another section: tensors that several networks share are stored once.
  package let aliases: [String: String]
  /// Bytes of the whole file.
  package var fileSize: Int { file.bytes.count }

  let file: MappedFile
  private let indices: [String: Int]

  /// Opens the file at `path`.
  ///
  /// - Parameter mapping: whether by a memory map where the system allows one (`mapRefusal` says where not); false reads
  ///   the whole file into memory.
  package convenience init(path: String, mapping: Bool = true) throws(ContainerError) {
    try self.init(MappedFile(path: path, mapping: mapping), path: path)
  }

  /// Opens the file and refuses one of another kind.
  package convenience init(path: String, kind: FileKind, mapping: Bool = true) throws(ContainerError) {
    try self.init(path: path, mapping: mapping)
    if self.kind != kind { throw failure(.wrongKind(expected: kind, found: self.kind)) }
  }

  /// Whether the file is mapped, so that only what is used of it takes memory.
  package var isMapped: Bool { file.isMapped }
  /// Why the file was read although it should have been mapped; nil where nothing went wrong.
  package var mapRefusal: SystemCallError? { file.mapRefusal }

  /// Bytes of the file at `path`, before it is opened.
  package static func size(of path: String) throws(ContainerError) -> Int { try MappedFile.size(of: path) }

  /// - Parameter path: for errors.
  package init(_ file: MappedFile, path: String) throws(ContainerError) {
    defer { withExtendedLifetime(file) {} }
    let header = try ContainerHeader(file.bytes, path: path)
    let sections = try header.sections(file.bytes, path: path)
    var indices: [String: Int] = [:]
    indices.reserveCapacity(sections.count)
    for (index, section) in sections.enumerated() {
      if indices.updateValue(index, forKey: section.name) != nil {
        throw ContainerError(path: path, section: section.name, rule: .duplicateName)
      }
    }
    self.file = file
    self.path = path
    self.kind = header.kind
    self.formatVersion = header.version
    self.sections = sections
    self.indices = indices
    guard let index = indices[ContainerLayout.metadataName] else {
      throw ContainerError(path: path, section: ContainerLayout.metadataName, rule: .missingSection)
    }
    metadata = try Self.metadata(sections[index], file.bytes, path: path)
    aliases = try Self.aliases(metadata, indices, path: path)
  }

  /// The section of that name, or the one it is an alias of.
  package func section(_ name: String) -> Section? {
    if let index = indices[name] { return sections[index] }
    guard let target = aliases[name], let index = indices[target] else { return nil }
    return sections[index]
  }

  /// Whether there is a section or an alias of that name.
  package func contains(_ name: String) -> Bool {
    section(name) != nil
  }

  /// An error about this file, for the rooms that read it.
  package func failure(_ rule: ContainerError.Rule, section: String? = nil) -> ContainerError {
    ContainerError(path: path, section: section, offset: section.flatMap { self.section($0)?.offset }, rule: rule)
  }
}
