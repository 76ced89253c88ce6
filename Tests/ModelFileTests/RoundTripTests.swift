// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TestSupport

@testable import ModelFile

@Suite struct RoundTripTests {
  @Test(arguments: [true, false]) func whatIsWrittenIsRead(mapping: Bool) throws {
    let folder = TemporaryFolder()
    try sampleWriter().write(to: folder.file("a"))
    let file = try ContainerFile(path: folder.file("a"), mapping: mapping)
    #expect(file.file.isMapped == mapping)
    #expect(file.kind == .index)
    #expect(file.formatVersion == 1)
    #expect(file.metadata["rows"] == 3)
    #expect(file.sections.map(\.name) == ["metadata", "strings", "vectors", "none", "codes"])
    #expect(file.sections.allSatisfy { $0.offset % 64 == 0 })
    #expect(Array(try file.floats("vectors", shape: [3, 5])) == (0..<15).map { Float($0) / 4 })
    #expect(Array(try file.floats("twin")) == Array(try file.floats("vectors")))
    #expect(try file.uint32("none", shape: [0]).isEmpty)
    #expect(try file.array("codes", as: UInt8.self) == [1, 2, 3, 4, 5, 6, 7])
    #expect(try file.bytes("codes") == [1, 2, 3, 4, 5, 6, 7])
    #expect(try file.bytes("strings") == Array(String(repeating: "flood relief ", count: 40).utf8))
    #expect(file.section("strings")?.isCompressed == true)
    #expect(file.contains("twin"))
    #expect(!file.contains("absent"))
    try file.verify()
    #expect(file.failures().isEmpty)
    #expect(folder.names == ["a"])
  }

  @Test func theSameSectionsMakeTheSameBytes() throws {
    #expect(try sampleBytes() == sampleBytes())
  }

  @Test func versionOneStaysReadable() throws {
    let file = try ContainerFile(path: fixture("version-1.assigner"))
    try file.verify()
    #expect(file.kind == .model)
    #expect(file.formatVersion == 1)
    #expect(try file.metadata.string("architecture") == "fixture")
    #expect(try file.metadata.integer("numbers", "integer") == 42)
    #expect(try file.metadata.number("numbers", "real") == 1e-12)
    #expect(Array(try file.int8("shared/weight", shape: [3, 5])) == Array(-7...7))
    #expect(Array(try file.floats("shared/weight.scale", shape: [3])) == [0.5, 0.25, 0.125])
    #expect(try file.uint32("empty", shape: [0, 4]).isEmpty)
    let vocabulary = String(decoding: try file.bytes("text/vocabulary"), as: UTF8.self)
    #expect(vocabulary.split(separator: "\n") == (0..<500).map { "piece\($0)" })
    #expect(Array(try file.uint8("edge/uint8")) == [0, 1, .max])
    #expect(Array(try file.uint16("edge/uint16")) == [0, 1, .max])
    #expect(Array(try file.uint32("edge/uint32")) == [0, 1, .max])
    #expect(Array(try file.uint64("edge/uint64")) == [0, 1, .max])
    #expect(Array(try file.int8("edge/int8")) == [0, .min, .max])
    #expect(Array(try file.elements("edge/int16", as: Int16.self)) == [0, .min, .max])
    #expect(Array(try file.int32("edge/int32")) == [0, .min, .max])
    #expect(Array(try file.elements("edge/int64", as: Int64.self)) == [0, .min, .max])
    #expect(Array(try file.floats("edge/rank4", shape: [1, 2, 1, 2])) == [1, -2, 3.5, 0])
  }

  @Test func sectionsAreCopiedAsTheyAre() throws {
    let folder = TemporaryFolder()
    try sampleWriter().write(to: folder.file("a"))
    let source = try ContainerFile(path: folder.file("a"))
    var writer = ContainerWriter(kind: .index)
    writer.setMetadata(source.metadata)
    for section in source.sections where section.name != "metadata" { try writer.add(copying: section.name, from: source) }
    // Replace the file while it is mapped. The map must stay valid.
    try writer.write(to: folder.file("a"))
    try source.verify()
    #expect(try read(folder.file("a")) == sampleBytes())
  }

  @Test func piecesMakeTheSameFile() throws {
    let folder = TemporaryFolder()
    let values = (0..<1000).map { Float($0) }
    var whole = ContainerWriter(kind: .model)
    try whole.add("numbers", shape: [10, 100], elements: values)
    var pieces = ContainerWriter(kind: .model)
    try pieces.add("numbers", type: .float32, shape: [10, 100]) { (append) throws(ContainerError) in
      for start in stride(from: 0, to: 1000, by: 70) { try Array(values[start..<min(start + 70, 1000)]).append(to: append) }
    }
    try whole.write(to: folder.file("a"))
    try pieces.write(to: folder.file("b"))
    #expect(try read(folder.file("a")) == read(folder.file("b")))
    #expect(throws: ContainerError(path: "", section: "short", rule: .sizeMismatch(recorded: 12, expected: 16))) {
      try pieces.add("short", type: .float32, shape: [4]) { (append) throws(ContainerError) in
        try [Float](repeating: 0, count: 3).append(to: append)
      }
    }
  }

  @Test func bytesThatChangeWhileTheyAreWrittenAreFound() throws {
    final class Counter: @unchecked Sendable { var calls: UInt8 = 0 }
    let folder = TemporaryFolder()
    let counter = Counter()
    var writer = ContainerWriter(kind: .model)
    try writer.add("other", type: .uint8, shape: [1]) { (append) throws(ContainerError) in
      counter.calls += 1
      try [counter.calls].append(to: append)
    }
    do {
      try writer.write(to: folder.file("a"))
      Issue.record("written")
    } catch {
      #expect(error.section == "other" && error.rule.code == "checksum")
    }
    #expect(folder.names.isEmpty)
  }

  @Test func wrongUseIsRefusedByName() throws {
    let folder = TemporaryFolder()
    try sampleWriter().write(to: folder.file("a"))
    let file = try ContainerFile(path: folder.file("a"))
    func code(_ body: () throws(ContainerError) -> Void) -> String? {
      do { try body() } catch { return "\(error.section ?? "-") \(error.rule.code)" }
      return nil
    }
    #expect(code { () throws(ContainerError) in _ = try file.floats("absent") } == "absent missing-section")
    #expect(code { () throws(ContainerError) in _ = try file.int8("vectors") } == "vectors wrong-type")
    #expect(code { () throws(ContainerError) in _ = try file.floats("vectors", shape: [5, 3]) } == "vectors wrong-shape")
    #expect(code { () throws(ContainerError) in _ = try file.uint8("strings") } == "strings compressed")
    #expect(
      code { () throws(ContainerError) in _ = try ContainerFile(path: folder.file("a"), kind: .model) } == "- wrong-kind")
  }

  @Test func theWriterRefusesWhatTheReaderWould() throws {
    let folder = TemporaryFolder()
    var writer = ContainerWriter(kind: .model)
    try writer.add("a", shape: [1], elements: [Float(1)])
    #expect(throws: ContainerError(path: "", section: "a", rule: .duplicateName)) {
      try writer.add("a", shape: [1], elements: [Float(1)])
    }
    #expect(throws: ContainerError(path: "", section: "b", rule: .sizeMismatch(recorded: 4, expected: 8))) {
      try writer.add("b", shape: [2], elements: [Float(1)])
    }
    #expect(throws: ContainerError(path: "", section: "c", rule: .sizeOverflow)) {
      try writer.add("c", shape: [Int.max, 2], elements: [Float]())
    }
    #expect(throws: ContainerError.self) { try writer.add("sp ace", shape: [1], elements: [Float(1)]) }
    #expect(throws: ContainerError.self) { try writer.add("", shape: [1], elements: [Float(1)]) }
    #expect(throws: ContainerError.self) { try writer.add("d", shape: [], elements: [Float(1)]) }
    #expect(throws: ContainerError.self) { try writer.add("metadata", shape: [1], elements: [UInt8(1)]) }
    writer.setMetadata(["aliases": ["x": "nowhere"]])
    #expect(throws: ContainerError.self) { try writer.write(to: folder.file("out")) }
    #expect(folder.names.isEmpty)
  }
}
