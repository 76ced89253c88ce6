// SPDX-License-Identifier: Apache-2.0

import CLZ4
import ModelFile

/// A container taken apart, to be reassembled with other contents and correct checksums. It does not check whether the contents
/// make sense.
struct ForgedContainer {
  struct Part {
    var name: [UInt8]
    var type: UInt32
    var isCompressed: Bool
    var shape: [UInt64]
    /// The inflated size in bytes that the table states.
    var size: UInt64
    var stored: [UInt8]
  }

  var kind: UInt32
  var parts: [Part]

  /// - Parameter bytes: a valid container.
  init(_ bytes: [UInt8]) throws {
    let file = try ContainerFile(MappedFile(bytes), path: "sound")
    kind = file.kind.rawValue
    parts = file.sections.map { section in
      Part(
        name: Array(section.name.utf8), type: section.type.rawValue, isCompressed: section.isCompressed,
        shape: section.shape.map { UInt64($0) }, size: UInt64(section.size),
        stored: Array(bytes[section.offset..<section.offset + section.storedSize]))
    }
  }

  subscript(name: String) -> Int? { parts.firstIndex { $0.name.elementsEqual(name.utf8) } }

  /// Replaces the inflated bytes of a cold part.
  mutating func pack(_ bytes: [UInt8], into part: Int) {
    parts[part].stored = Self.frame(bytes)
    parts[part].isCompressed = true
    parts[part].size = UInt64(bytes.count)
    parts[part].shape = [UInt64(bytes.count)]
  }

  /// The inflated bytes of a cold part.
  func unpacked(_ part: Int) -> [UInt8] {
    let name = String(decoding: parts[part].name, as: UTF8.self)
    return (try? ContainerFile(MappedFile(bytes), path: "sound").bytes(name)) ?? []
  }

  var bytes: [UInt8] {
    let tableSize = parts.reduce(0) { $0 + 96 + $1.name.count }
    var (entries, names, contents) = ([UInt8](), [UInt8](), [UInt8]())
    for part in parts {
      contents += [UInt8](repeating: 0, count: -(64 + tableSize + contents.count) & 63)
      for word in [UInt32(names.count), UInt32(part.name.count), part.type, part.isCompressed ? 1 : 0] { entries.append(word) }
      entries.append(UInt32(part.shape.count))
      entries.append(UInt32(0))
      for axis in 0..<4 { entries.append(axis < part.shape.count ? part.shape[axis] : 0) }
      let place = UInt64(64 + tableSize + contents.count)
      for word in [place, UInt64(part.stored.count), part.size, XXH64.hash(part.stored), 0] { entries.append(word) }
      names += part.name
      contents += part.stored
    }
    var head = Array("ASSIGNER".utf8)
    for word in [0x0102_0304, 1, kind, UInt32(parts.count)] as [UInt32] { head.append(word) }
    for word in [64, tableSize, 64 + tableSize + contents.count, 0] { head.append(UInt64(word)) }
    let table = entries + names
    head.append(XXH64.hash(table, seed: XXH64.hash(head)))
    return head + table + contents
  }

  static func frame(_ bytes: [UInt8]) -> [UInt8] {
    let bound = LZ4F_compressFrameBound(bytes.count, nil)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      count = LZ4F_compressFrame(buffer.baseAddress, bound, bytes, bytes.count, nil)
    }
  }
}

extension ForgedContainer {
  /// Damages the contents so that the file stays a container.
  mutating func damage(_ mutator: inout Mutator) {
    let place = mutator.below(parts.count)
    switch mutator.below(12) {
    case 0...3:
      guard let metadata = self["metadata"], let value = try? JSONValue(parsing: unpacked(metadata)) else { return }
      pack(Array(mutator.damaged(value).serialized().utf8), into: metadata)
    case 4...6 where parts[place].isCompressed:
      var bytes = unpacked(place)
      if let value = try? JSONValue(parsing: bytes), !mutator.once(in: 3) {
        bytes = Array(mutator.damaged(value).serialized().utf8)
      } else {
        mutator.damage(&bytes)
      }
      pack(bytes, into: place)
    case 4...7:
      var bytes = parts[place].stored
      mutator.damage(&bytes)
      // A raw part must keep its size, or get a shape that matches the new size.
      if parts[place].isCompressed || bytes.count == parts[place].stored.count {
        parts[place].stored = bytes
      } else if let width = Self.width(parts[place]), width > 0 {
        let rows = bytes.count / width
        parts[place].stored = Array(bytes.prefix(rows * width))
        parts[place].shape[0] = UInt64(rows)
        parts[place].size = UInt64(rows * width)
      }
    case 8: parts[place].type = UInt32(truncatingIfNeeded: mutator.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, mutator.number()]))
    case 9:
      let axis = mutator.below(parts[place].shape.count)
      parts[place].shape[axis] = mutator.once(in: 2) ? mutator.number() : parts[place].shape[axis] &+ 1
      parts[place].size = parts[place].shape.reduce(UInt64(Self.element(parts[place]))) { $0 &* $1 }
    case 10: parts.remove(at: place)
    default: parts.swapAt(place, mutator.below(parts.count))
    }
  }

  /// Bytes of one element; below, of one row.
  private static func element(_ part: Part) -> Int { ElementType(rawValue: part.type)?.size ?? 1 }
  private static func width(_ part: Part) -> Int? {
    part.shape.dropFirst().reduce(element(part)) { $0.multipliedReportingOverflow(by: Int(clamping: $1)).partialValue }
  }
}

extension [UInt8] {
  fileprivate mutating func append<Word: FixedWidthInteger>(_ word: Word) {
    Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
  }
}
