// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// One entry of a journal: a lesson, or what a person has decided.
package enum JournalRecord: Equatable, Sendable {
  case lesson(Lesson)
  /// The hashtag is "#" and its normal form. Without "#" it has the normal form of version 1.
  case decision(Decision, hashtag: String)

  package enum Decision: UInt8, CaseIterable, Sendable {
    case approve = 1
    case deny = 2
    case forget = 3
  }
}

/// A record's bytes, all integers little-endian: the payload's length (4), its kind (1), the payload, and XXH64 of all that
/// (8).
///
/// A lesson's payload: flags of what is there (1); time (8); author (8); words (2) of hash (8) and frequency (1) each;
/// hashtags (1) of length (2) and UTF-8 each; scale (4) and d bytes of the embedding; identifier and text of length (4) and
/// UTF-8. A decision's: which (1), then the hashtag's UTF-8.
enum RecordCoding {
  static let frame = 4 + 1 + 8
  /// No payload is longer: a line has 64 KiB.
  static let maximumLength = 1 << 20
  private static let lessonKind: UInt8 = 1
  private static let decisionKind: UInt8 = 2

  private struct Parts: OptionSet {
    let rawValue: UInt8
    static let time = Parts(rawValue: 1)
    static let author = Parts(rawValue: 2)
    static let vector = Parts(rawValue: 4)
    static let identifier = Parts(rawValue: 8)
    static let text = Parts(rawValue: 16)
  }

  /// The bytes of a record, frame and checksum included. A text or an identifier that would be too long is left out.
  static func encode(_ record: JournalRecord) -> [UInt8] {
    var payload = payload(record)
    if payload.count > maximumLength, case .lesson(var lesson) = record {
      (lesson.identifier, lesson.text) = (nil, nil)
      payload = self.payload(.lesson(lesson))
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(payload.count + frame)
    append(UInt32(payload.count), to: &bytes)
    if case .lesson = record { bytes.append(lessonKind) } else { bytes.append(decisionKind) }
    bytes += payload
    append(XXH64.hash(bytes), to: &bytes)
    return bytes
  }

  private static func payload(_ record: JournalRecord) -> [UInt8] {
    switch record {
    case .decision(let decision, let hashtag): return [decision.rawValue] + hashtag.utf8
    case .lesson(let lesson): return payload(lesson)
    }
  }

  private static func payload(_ lesson: Lesson) -> [UInt8] {
    var parts: Parts = []
    if lesson.time != nil { parts.insert(.time) }
    if lesson.author != nil { parts.insert(.author) }
    if lesson.vector != nil { parts.insert(.vector) }
    if lesson.identifier != nil { parts.insert(.identifier) }
    if lesson.text != nil { parts.insert(.text) }
    var bytes = [parts.rawValue]
    if let time = lesson.time { append(UInt64(bitPattern: Int64(time)), to: &bytes) }
    if let author = lesson.author { append(author, to: &bytes) }
    let words = lesson.words.prefix(Lesson.maximumWords)
    append(UInt16(words.count), to: &bytes)
    for word in words {
      append(word.hash, to: &bytes)
      bytes.append(word.frequency)
    }
    let hashtags = lesson.hashtags.filter { $0.utf8.count <= Int(UInt16.max) }.prefix(Lesson.maximumHashtags)
    bytes.append(UInt8(hashtags.count))
    for hashtag in hashtags {
      append(UInt16(hashtag.utf8.count), to: &bytes)
      bytes += hashtag.utf8
    }
    if let vector = lesson.vector {
      append(vector.scale.bitPattern, to: &bytes)
      bytes += vector.values.map { UInt8(bitPattern: $0) }
    }
    for text in [lesson.identifier, lesson.text].compactMap(\.self) {
      append(UInt32(text.utf8.count), to: &bytes)
      bytes += text.utf8
    }
    return bytes
  }

  static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  /// How long the record is that begins with these bytes, frame included; nil for fewer than tell, and for a length that no
  /// record has.
  static func length(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= 4 else { return nil }
    let length = (0..<4).reduce(0) { $0 | Int(bytes[bytes.startIndex + $1]) << (8 * $1) }
    return length <= maximumLength ? length + frame : nil
  }

  /// What a record of this many bytes says; nil where its checksum or its form is broken.
  ///
  /// - Parameter dimension: components of an embedding.
  static func decode(_ bytes: ArraySlice<UInt8>, dimension: Int) -> JournalRecord? {
    guard bytes.count >= frame, bytes.count == length(bytes) else { return nil }
    var reader = ByteReader(bytes.suffix(8))
    guard let checksum: UInt64 = reader.integer(), checksum == XXH64.hash(Array(bytes.dropLast(8))) else { return nil }
    reader = ByteReader(bytes.dropFirst(5).dropLast(8))
    switch bytes[bytes.startIndex + 4] {
    case lessonKind: return lesson(&reader, dimension: dimension).map(JournalRecord.lesson)
    case decisionKind:
      guard let code: UInt8 = reader.integer(), let decision = JournalRecord.Decision(rawValue: code),
        let hashtag = reader.text(reader.rest)
      else { return nil }
      return .decision(decision, hashtag: hashtag)
    default: return nil
    }
  }

  private static func lesson(_ reader: inout ByteReader, dimension: Int) -> Lesson? {
    var lesson = Lesson()
    guard let flags: UInt8 = reader.integer() else { return nil }
    let parts = Parts(rawValue: flags)
    if parts.contains(.time) {
      guard let time: UInt64 = reader.integer() else { return nil }
      lesson.time = Int(Int64(bitPattern: time))
    }
    if parts.contains(.author) {
      guard let author: UInt64 = reader.integer() else { return nil }
      lesson.author = author
    }
    guard let wordCount: UInt16 = reader.integer(), wordCount <= Lesson.maximumWords else { return nil }
    for _ in 0..<wordCount {
      guard let hash: UInt64 = reader.integer(), let frequency: UInt8 = reader.integer(),
        lesson.words.last.map({ $0.hash < hash }) ?? true
      else { return nil }
      lesson.words.append(Lesson.Word(hash: hash, frequency: frequency))
    }
    guard let hashtagCount: UInt8 = reader.integer(), hashtagCount <= Lesson.maximumHashtags else { return nil }
    for _ in 0..<hashtagCount {
      guard let length: UInt16 = reader.integer(), let hashtag = reader.text(Int(length)), isSpelling(hashtag) else { return nil }
      lesson.hashtags.append(hashtag)
    }
    if parts.contains(.vector) {
      guard let scale: UInt32 = reader.integer(), let values = reader.bytes(dimension),
        let row = QuantizedRow(values: values.map { Int8(bitPattern: $0) }, scale: Float(bitPattern: scale))
      else { return nil }
      lesson.vector = row
    }
    for (part, place) in [(Parts.identifier, \Lesson.identifier), (.text, \Lesson.text)] where parts.contains(part) {
      guard let length: UInt32 = reader.integer(), let text = reader.text(Int(length)) else { return nil }
      lesson[keyPath: place] = text
    }
    return reader.rest == 0 ? lesson : nil
  }

  /// Whether a hashtag of a file can be shown: an answer is one line of words.
  private static func isSpelling(_ hashtag: String) -> Bool {
    hashtag.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.properties.generalCategory != .control }
  }
}

/// Reads values off the front of some bytes; nil where there are too few.
struct ByteReader {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  var rest: Int { bytes.count }

  mutating func integer<Value: FixedWidthInteger & UnsignedInteger>() -> Value? {
    let size = Value.bitWidth / 8
    guard bytes.count >= size else { return nil }
    defer { bytes = bytes.dropFirst(size) }
    return bytes.prefix(size).reversed().reduce(0) { ($0 << 8 as Value) | Value($1) }
  }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= bytes.count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  mutating func text(_ count: Int) -> String? { bytes(count).flatMap { String(validating: $0, as: UTF8.self) } }
}
