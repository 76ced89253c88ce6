// SPDX-License-Identifier: Apache-2.0

import System

/// The output of `assigner inspect`: a container's metadata and sections, as text or as JSON.
package struct FileSummary: Sendable {
  package let path: String
  package let kind: FileKind
  package let formatVersion: UInt32
  package let fileSize: Int
  /// The metadata without the aliases, which are shown with the sections.
  package let metadata: JSONValue
  package let sections: [Section]
  /// For each section, its aliases in order.
  package let sharing: [String: [String]]

  package init(_ file: ContainerFile) {
    path = file.path
    kind = file.kind
    formatVersion = file.formatVersion
    fileSize = file.fileSize
    sections = file.sections
    if case .object(var members) = file.metadata {
      members["aliases"] = nil
      metadata = .object(members)
    } else {
      metadata = file.metadata
    }
    sharing = Dictionary(grouping: file.aliases.keys, by: { file.aliases[$0] ?? "" }).mapValues { $0.sorted() }
  }

  /// The bytes that aliases save in the file.
  package var sharedSize: Int {
    sections.reduce(0) { $0 + $1.storedSize * (sharing[$1.name]?.count ?? 0) }
  }

  /// Stored bytes by element type; cold sections are counted separately.
  private var totals: [(name: String, sections: Int, size: Int)] {
    let names = sections.map { $0.isCompressed ? "cold (LZ4)" : $0.type.description }
    let groups = Dictionary(grouping: zip(names, sections), by: \.0)
    return groups.map { ($0.key, $0.value.count, $0.value.reduce(0) { $0 + $1.1.storedSize }) }.sorted { $0.0 < $1.0 }
  }

  /// The file as one JSON object: `file`, `kind`, `formatVersion`, `size`, `metadata`, `sections`, `sharedSize`.
  package var json: JSONValue {
    [
      "file": .string(path), "kind": .string(kind.description), "formatVersion": .integer(Int(formatVersion)),
      "size": .integer(fileSize), "sharedSize": .integer(sharedSize), "metadata": metadata,
      "sections": .array(
        sections.map { section in
          [
            "name": .string(section.name), "type": .string(section.type.description),
            "shape": .array(section.shape.map { .integer($0) }), "offset": .integer(section.offset),
            "size": .integer(section.size), "storedSize": .integer(section.storedSize),
            "compressed": .bool(section.isCompressed), "checksum": .string(String(section.checksum, radix: 16)),
            "sharedBy": .array((sharing[section.name] ?? []).map { .string($0) }),
          ]
        }),
    ]
  }

  package var text: String {
    var text = "\(PrintableText.line(path)): assigner \(kind), format version \(formatVersion), \(Self.size(fileSize))\n\n"
    text += Self.lines(metadata, indentation: 0)
    let width = sections.map(\.name.utf8.count).max() ?? 0
    let shapes = sections.map { $0.shape.map(String.init).joined(separator: "×") }
    let shapeWidth = shapes.map(\.count).max() ?? 0
    text += "\nsections\n"
    for (section, shape) in zip(sections, shapes) {
      text += "  " + Self.padded(section.name, width) + "  " + Self.padded(section.type.description, 7) + "  "
      text += Self.padded(shape, shapeWidth) + "  " + Self.size(section.storedSize)
      if section.isCompressed { text += " (LZ4 of \(Self.size(section.size)))" }
      text += "\n"
      for name in sharing[section.name] ?? [] { text += "    = \(PrintableText.line(name))\n" }
    }
    text += "\ntotals\n"
    for total in totals {
      text += "  " + Self.padded(total.name, 12) + Self.padded("\(total.sections) sections", 14) + Self.size(total.size) + "\n"
    }
    let shared = sharing.values.reduce(0) { $0 + $1.count }
    if shared > 0 {
      text += "  " + Self.padded("shared", 12) + Self.padded("\(shared) tensors", 14) + "saves \(Self.size(sharedSize))\n"
    }
    return text
  }

  /// The metadata as indented lines. An array of plain values takes one line.
  private static func lines(_ value: JSONValue, indentation: Int) -> String {
    guard case .object(let members) = value else { return "" }
    var text = ""
    for (key, member) in members.sorted(by: { $0.key < $1.key }) {
      text += String(repeating: " ", count: indentation) + PrintableText.line(key)
      switch member {
      case .object: text += "\n" + lines(member, indentation: indentation + 2)
      case .string(let value): text += ": \(PrintableText.line(value))\n"
      default: text += ": \(member.serialized())\n"
      }
    }
    return text
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// For example "1.5 KiB" for 1,536 bytes.
  static func size(_ bytes: Int) -> String {
    if bytes < 1024 { return "\(bytes) bytes" }
    var value = Double(bytes)
    var unit = 0
    // 1023.95 would be rounded to 1024.0.
    while value >= 1023.95, unit < 4 {
      value /= 1024
      unit += 1
    }
    return "\((value * 10).rounded() / 10) \(["bytes", "KiB", "MiB", "GiB", "TiB"][unit])"
  }
}
