// SPDX-License-Identifier: Apache-2.0

import System
import Testing
import TestSupport

@testable import ModelFile

/// For any damage, the reader either throws or reads what was written. It never traps, which would end the test process.
@Suite struct CorruptionTests {
  /// Asks everything that a caller can ask of a file. Returns nil if the file was rejected at some point.
  static func outcome(_ bytes: [UInt8]) throws -> [[UInt8]]? {
    do {
      let file = try ContainerFile(MappedFile(bytes), path: "damaged")
      var contents: [[UInt8]] = [Array(file.metadata.serialized().utf8)]
      for section in file.sections {
        contents.append(Array(section.name.utf8) + [UInt8(section.type.rawValue)] + section.shape.map { UInt8(clamping: $0) })
        contents.append(try file.bytes(section.name))
      }
      try file.verify()
      return contents
    } catch {
      #expect(!error.description.isEmpty)
      #expect(error.path == "damaged")
      return nil
    }
  }

  @Test func aFileCutAnywhereIsRefused() throws {
    let bytes = try sampleBytes()
    for length in bytes.indices {
      #expect(try Self.outcome(Array(bytes[..<length])) == nil, "length \(length)")
      #expect(try Self.outcome(resealed(Array(bytes[..<length]))) == nil, "length \(length)")
    }
    #expect(try Self.outcome(bytes + [0]) == nil)
    // The same with a header that agrees with the length.
    for length in stride(from: 64, to: bytes.count, by: 3) {
      var cut = Array(bytes[..<length])
      cut.replace(40, UInt64(length))
      #expect(try Self.outcome(resealed(cut)) == nil, "length \(length)")
    }
  }

  @Test func everyFlippedBitIsFound() throws {
    let bytes = try sampleBytes()
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << bit
        #expect(try Self.outcome(damaged) == nil, "byte \(index), bit \(bit)")
      }
    }
  }

  /// Sets each field of the header and of each table entry to values that overflow, point outside or are off by one, and corrects
  /// the checksum.
  @Test func everyFieldIsChecked() throws {
    let bytes = try sampleBytes()
    let original = try #require(try Self.outcome(bytes))
    let sections = Int(bytes.uint32(20))
    var fields: [(offset: Int, width: Int)] = [0, 24, 32, 40, 48].map { ($0, 8) } + [8, 12, 16, 20].map { ($0, 4) }
    for index in 0..<sections {
      let entry = 64 + 96 * index
      fields += stride(from: 0, to: 24, by: 4).map { (entry + $0, 4) }
      fields += stride(from: 24, to: 96, by: 8).map { (entry + $0, 8) }
    }
    var refused = 0
    for field in fields {
      let value = field.width == 8 ? bytes.uint64(field.offset) : UInt64(bytes.uint32(field.offset))
      let others: [UInt64] = [
        0, 1, 2, 3, 9, 10, value &+ 1, value &- 1, value &+ 64, value &- 64, value &* 2, value << 32, 1 << 16, 1 << 31,
        (1 << 32) - 1, 1 << 61, 1 << 62, (1 << 63) - 1, 1 << 63, .max - 63, .max,
      ]
      for other in others where other != value {
        var damaged = bytes
        if field.width == 8 {
          damaged.replace(field.offset, other)
        } else {
          damaged.replace(field.offset, UInt32(truncatingIfNeeded: other))
        }
        if damaged == bytes { continue }
        let outcome = try Self.outcome(resealed(damaged))
        if outcome == nil { refused += 1 }
        // The kind may change, and so may the type of a section whose size stays the same: the file is still valid.
        let isKind = field.offset == 16
        let isType = field.offset > 64 && (field.offset - 64) % 96 == 8
        let isEmptyShape = field.offset >= 64 + 96 * 3 && field.offset < 64 + 96 * 4
        if !isKind && !isType && !isEmptyShape {
          #expect(outcome == nil || outcome == original, "offset \(field.offset) set to \(other)")
        }
      }
    }
    #expect(refused > 500)
  }

  @Test func randomDamageNeverTraps() throws {
    let bytes = try sampleBytes()
    var generator = SeededGenerator(seed: 1)
    for round in 0..<10_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        // Half of the damage hits the header and the table.
        let limit = Bool.random(using: &generator) ? damaged.count : 64 + 96 * 5
        damaged[Int.random(in: 0..<limit, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if round % 5 == 0 { damaged.removeLast(Int.random(in: 0..<damaged.count, using: &generator)) }
      if damaged == bytes { continue }
      _ = try Self.outcome(round % 2 == 0 ? resealed(damaged) : damaged)
    }
  }

  /// Puts random bytes into a cold section and corrects the checksums, so that the LZ4 decoder and the JSON parser see them.
  @Test func damagedFramesAreRefused() throws {
    let bytes = try sampleBytes()
    var generator = SeededGenerator(seed: 2)
    var refused = 0
    for _ in 0..<1000 {
      var damaged = bytes
      for index in 0..<2 {
        let entry = 64 + 96 * index
        let offset = Int(bytes.uint64(entry + 56))
        let size = Int(bytes.uint64(entry + 64))
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          damaged[offset + Int.random(in: 0..<size, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        damaged.replace(entry + 80, XXH64.hash(Array(damaged[offset..<offset + size])))
      }
      if try Self.outcome(resealed(damaged)) == nil { refused += 1 }
    }
    #expect(refused > 500)
  }

  @Test func theErrorSaysWhere() throws {
    let folder = TemporaryFolder()
    let path = folder.file("damaged")
    func failure(_ change: (inout [UInt8]) -> Void, sealed: Bool = true) throws -> ContainerError? {
      var bytes = try sampleBytes()
      change(&bytes)
      try write(sealed ? resealed(bytes) : bytes, to: path)
      do {
        try ContainerFile(path: path).verify()
      } catch {
        return error
      }
      return nil
    }
    let bytes = try sampleBytes()
    let vectors = Int(bytes.uint64(64 + 96 * 2 + 56))

    let flipped = try #require(try failure { $0[vectors + 9] ^= 4 })
    #expect(flipped.section == "vectors")
    #expect(flipped.offset == vectors)
    #expect(flipped.rule.code == "checksum")
    #expect(flipped.exitStatus == .unfitFile)
    #expect(flipped.description.contains("section \"vectors\", byte \(vectors): checksum is 0x"))

    let newer = try #require(try failure { $0.replace(12, UInt32(2)) })
    #expect(newer.rule == .newerVersion(found: 2, supported: 1))
    #expect(newer.description.contains("format version 2; this program reads up to version 1"))
    #expect(try failure { $0.replace(12, UInt32(0)) }?.rule == .unknownVersion(0))
    #expect(try failure { $0[0] = 0 }?.rule == .notAContainer)
    #expect(try failure { $0.replace(8, UInt32(0x0403_0201)) }?.rule == .endianness(0x0403_0201))
    #expect(try failure { $0.replace(16, UInt32(3)) }?.rule == .unknownKind(3))
    #expect(try failure { $0.replace(48, UInt64(3)) }?.rule == .reservedNotZero)
    #expect(try failure { $0.replace(20, UInt32.max) }?.rule.code == "table-bounds")
    #expect(try failure { $0.replace(32, UInt64.max) }?.rule.code == "table-bounds")
    #expect(try failure({ $0[70] ^= 1 }, sealed: false)?.rule.code == "header-checksum")
    #expect(try failure { $0.removeLast(5) }?.rule == .fileSize(recorded: UInt64(bytes.count), actual: bytes.count - 5))
    #expect(try failure { $0.removeLast(5) }?.description.contains("file is cut") == true)
    #expect(try failure { $0 = Array($0[..<20]) }?.rule == .tooShort(size: 20))

    let entry = 64 + 96 * 2
    #expect(try failure { $0.replace(entry + 8, UInt32(77)) }?.rule == .unknownElementType(77))
    #expect(try failure { $0.replace(entry + 12, UInt32(2)) }?.rule == .unknownEncoding(2))
    #expect(try failure { $0.replace(entry + 16, UInt32(5)) }?.rule == .rank(5))
    #expect(try failure { $0.replace(entry + 16, UInt32(0)) }?.rule == .rank(0))
    #expect(try failure { $0.replace(entry + 24, UInt64(1) << 62) }?.rule == .sizeOverflow)
    #expect(try failure { $0.replace(entry + 24, UInt64.max) }?.rule == .sizeOverflow)
    #expect(try failure { $0.replace(entry + 24, UInt64(4)) }?.rule == .sizeMismatch(recorded: 60, expected: 80))
    #expect(try failure { $0.replace(entry + 56, UInt64(vectors + 64)) }?.rule.code == "misplaced")
    #expect(try failure { $0.replace(entry + 64, UInt64.max) }?.rule.code == "out-of-bounds")
    let inflating = try #require(
      try failure {
        $0.replace(64 + 96 + 24, UInt64(1) << 29)
        $0.replace(64 + 96 + 72, UInt64(1) << 29)
      })
    #expect(inflating.rule.code == "inflation")
    #expect(inflating.section == "strings")
  }

  @Test func duplicateAndInvalidNamesAreRefused() throws {
    let folder = TemporaryFolder()
    var writer = ContainerWriter(kind: .model)
    try writer.add("aaa", shape: [1], elements: [UInt8(1)])
    try writer.add("aab", shape: [1], elements: [UInt8(2)])
    try writer.write(to: folder.file("a"))
    let bytes = try read(folder.file("a"))
    let names = 64 + 3 * 96
    func rule(_ offset: Int, _ byte: UInt8) throws -> ContainerError.Rule? {
      var damaged = bytes
      damaged[names + offset] = byte
      try write(resealed(damaged), to: folder.file("b"))
      do { _ = try ContainerFile(path: folder.file("b")) } catch { return error.rule }
      return nil
    }
    #expect(try rule(8 + 5, UInt8(ascii: "a")) == .duplicateName)
    #expect(try rule(8, UInt8(ascii: "a")) == nil)
    #expect(try rule(8, 0x00)?.code == "name")
    #expect(try rule(8, 0x20)?.code == "name")
    #expect(try rule(8, 0xFF)?.code == "name")
    #expect(try rule(0, UInt8(ascii: "M")) == .missingSection)
  }

  @Test func metadataMustFit() throws {
    let folder = TemporaryFolder()
    // Assembled by hand, because the writer refuses most of them.
    func rule(_ json: String) throws -> ContainerError.Rule? {
      let frame = try Array(json.utf8).withUnsafeBytes { try LZ4Frame.compress($0) }
      var writer = ContainerWriter(kind: .model)
      writer.setMetadata(["a": 1])
      try writer.write(to: folder.file("a"))
      var bytes = Array(try read(folder.file("a"))[..<(64 + 96 + 8)])
      bytes += [UInt8](repeating: 0, count: 192 - bytes.count) + frame
      bytes.replace(40, UInt64(bytes.count))
      bytes.replace(64 + 24, UInt64(json.utf8.count))
      bytes.replace(64 + 64, UInt64(frame.count))
      bytes.replace(64 + 72, UInt64(json.utf8.count))
      bytes.replace(64 + 80, XXH64.hash(frame))
      try write(resealed(bytes), to: folder.file("b"))
      do { _ = try ContainerFile(path: folder.file("b")) } catch { return error.rule }
      return nil
    }
    #expect(try rule("{}") == nil)
    #expect(try rule("[]") == .metadata("is not a JSON object"))
    #expect(try rule("{\"a\":1,\"a\":2}")?.code == "metadata")
    #expect(try rule(String(repeating: "[", count: 100_000))?.code == "metadata")
    #expect(try rule("{\"aliases\":[]}")?.code == "metadata")
    #expect(try rule("{\"aliases\":{\"x y\":\"metadata\"}}")?.code == "metadata")
    #expect(try rule("{\"aliases\":{\"x\":1}}")?.code == "metadata")
    #expect(try rule("{\"aliases\":{\"x\":\"absent\"}}") == .alias(name: "x", target: "absent"))
    #expect(try rule("{\"aliases\":{\"metadata\":\"metadata\"}}") == .alias(name: "metadata", target: "metadata"))
  }

  @Test func missingAndWrongFiles() throws {
    let folder = TemporaryFolder()
    func failure(_ path: String) -> ContainerError? {
      do { _ = try ContainerFile(path: path) } catch { return error }
      return nil
    }
    #expect(failure(folder.file("absent"))?.exitStatus == .missingFile)
    #expect(
      failure(folder.file("absent"))?.description.hasSuffix("absent: cannot be opened: no such file or directory: check the path")
        == true)
    #expect(failure(folder.path)?.rule == .notRegularFile)
    #expect(failure("/dev/null")?.rule == .notRegularFile)
    try write([], to: folder.file("empty"))
    #expect(failure(folder.file("empty"))?.rule == .tooShort(size: 0))
    try write(Array(repeating: 7, count: 4096), to: folder.file("noise"))
    #expect(failure(folder.file("noise"))?.rule == .notAContainer)
  }
}
