// SPDX-License-Identifier: Apache-2.0

import System

/// A model or index file, opened for reading. `ContainerLayout` describes its bytes.
///
/// Opening checks the header, the table and the metadata (a few kilobytes), so its cost does not depend on the file's size.
/// `verify()` reads everything. Nothing in the file is trusted: reading it gives either a `ContainerError` or memory that lies
/// wholly inside the map. Immutable and safe to share between threads.
package final class ContainerFile: Sendable {
  /// The path as the caller gave it.
  package let path: String
  package let kind: FileKind
  package let formatVersion: UInt32
  /// The section `metadata`: a JSON object with the architecture and every hyper-parameter by name.
  package let metadata: JSONValue
  /// The sections in the order of the file.
  package let sections: [Section]
  /// Names that stand for another section. Tensors that several networks share are stored once.
  package let aliases: [String: String]
  /// The size of the file in bytes.
  package var fileSize: Int { file.bytes.count }

  let file: MappedFile
  private let indices: [String: Int]

  /// Opens the file at `path`.
  ///
  /// - Parameter mapping: whether to use a memory map if the system allows one; if it does not, `mapRefusal` says why. False
  ///   reads the whole file into memory.
  package convenience init(path: String, mapping: Bool = true) throws(ContainerError) {
    try self.init(MappedFile(path: path, mapping: mapping), path: path)
  }

  /// Opens the file and throws if it is of another kind.
  package convenience init(path: String, kind: FileKind, mapping: Bool = true) throws(ContainerError) {
    try self.init(path: path, mapping: mapping)
    if self.kind != kind { throw failure(.wrongKind(expected: kind, found: self.kind)) }
  }

  /// Whether the file is mapped, so that only the parts in use take memory.
  package var isMapped: Bool { file.isMapped }
  /// Why the file was read although it should have been mapped; nil if nothing failed.
  package var mapRefusal: SystemCallError? { file.mapRefusal }

  /// The size in bytes of the file at `path`, without opening it as a container.
  package static func size(of path: String) throws(ContainerError) -> Int { try MappedFile.size(of: path) }

  /// - Parameter path: the path for error messages.
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

  /// The section with this name or alias.
  package func section(_ name: String) -> Section? {
    if let index = indices[name] { return sections[index] }
    guard let target = aliases[name], let index = indices[target] else { return nil }
    return sections[index]
  }

  /// Whether there is a section or an alias with this name.
  package func contains(_ name: String) -> Bool {
    section(name) != nil
  }

  /// An error about this file, for code that reads it.
  package func failure(_ rule: ContainerError.Rule, section: String? = nil) -> ContainerError {
    ContainerError(path: path, section: section, offset: section.flatMap { self.section($0)?.offset }, rule: rule)
  }
}
