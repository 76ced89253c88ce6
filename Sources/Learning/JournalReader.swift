// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System

/// What a journal was learned with; the first thing in its file: "ASSIGNJL", the version (4), the length of the JSON (4),
/// the JSON, and XXH64 of all that (8).
package struct JournalHeader: Equatable, Sendable {
  /// `ModelFingerprint` of the model that made the embeddings.
  package var modelFingerprint: String
  /// d.
  package var dimension: Int

  package init(modelFingerprint: String, dimension: Int) {
    self.modelFingerprint = modelFingerprint
    self.dimension = dimension
  }

  private static let magic = Array("ASSIGNJL".utf8)
  private static let version: UInt32 = 1
  private static let maximumLength = 1 << 16
  private static let prefix = 16
  private static let maximumDimension = 1 << 14

  /// Bytes that hold any header.
  static let most = prefix + maximumLength + 8

  var bytes: [UInt8] {
    let json: JSONValue = ["model": .string(modelFingerprint), "dimension": .integer(dimension)]
    let text = Array(json.serialized().utf8)
    var bytes = Self.magic
    RecordCoding.append(Self.version, to: &bytes)
    RecordCoding.append(UInt32(text.count), to: &bytes)
    bytes += text
    RecordCoding.append(XXH64.hash(bytes), to: &bytes)
    return bytes
  }

  /// Reads a header off a file's first bytes.
  ///
  /// - Returns: the header and its length; nil for the beginning of one that was cut off.
  static func read(_ bytes: [UInt8], path: String) throws(JournalError) -> (header: JournalHeader, length: Int)? {
    guard bytes.starts(with: magic.prefix(bytes.count)) else { throw .foreign(path: path, "is no journal") }
    guard bytes.count >= prefix else { return nil }
    var reader = ByteReader(bytes[8...])
    guard let version: UInt32 = reader.integer(), let length: UInt32 = reader.integer() else { return nil }
    guard version == Self.version else {
      throw .foreign(path: path, "is a journal of version \(version), this program reads version \(Self.version)")
    }
    guard length <= maximumLength else { throw .foreign(path: path, "its header is damaged") }
    let end = prefix + Int(length)
    guard bytes.count >= end + 8 else { return nil }
    reader = ByteReader(bytes[end...])
    guard let checksum: UInt64 = reader.integer(), checksum == XXH64.hash(Array(bytes[..<end])) else {
      throw .foreign(path: path, "its header is damaged")
    }
    do {
      let json = try JSONValue(parsing: Array(bytes[prefix..<end]))
      let header = JournalHeader(
        modelFingerprint: try json.string("model"), dimension: try json.integer("dimension", in: 1...maximumDimension))
      return (header, end + 8)
    } catch {
      throw .foreign(path: path, "its header is damaged: \(error)")
    }
  }
}

/// Reads a journal's records one after the other, up to the first that is not whole.
struct JournalReader {
  private let file: SharedFile
  private let dimension: Int
  /// Bytes of the file that are read so far, and where the first of them that is not used lies.
  private var buffer: ArraySlice<UInt8> = []
  /// Where the next record begins: behind the last whole one.
  private(set) var end: Int
  private static let portion = 1 << 18

  /// - Parameter offset: where a record begins.
  init(_ file: SharedFile, dimension: Int, from offset: Int) {
    (self.file, self.dimension, end) = (file, dimension, offset)
  }

  /// The next record; nil at the end of the file, and at bytes that are no whole record.
  mutating func next() throws(SystemCallError) -> JournalRecord? {
    if buffer.count < 4 { try fill(4) }
    guard let length = RecordCoding.length(buffer) else { return nil }
    if buffer.count < length { try fill(length) }
    guard buffer.count >= length, let record = RecordCoding.decode(buffer.prefix(length), dimension: dimension) else {
      return nil
    }
    buffer = buffer.dropFirst(length)
    end += length
    return record
  }

  private mutating func fill(_ count: Int) throws(SystemCallError) {
    buffer = buffer + (try file.read(max(Self.portion, count - buffer.count), at: end + buffer.count))
  }
}
