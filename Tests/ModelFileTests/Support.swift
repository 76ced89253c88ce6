// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TestSupport

@testable import ModelFile

func fixture(_ name: String) throws -> String {
  try #require(Bundle.module.path(forResource: "Fixtures/" + name, ofType: nil))
}

func read(_ path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}

func write(_ bytes: [UInt8], to path: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// A small file with one section of each kind: raw, cold and empty; with padding and an alias.
func sampleWriter() throws -> ContainerWriter {
  var writer = ContainerWriter(kind: .index)
  writer.setMetadata(["architecture": "sample", "rows": 3, "aliases": ["twin": "vectors"]])
  try writer.addCompressed("strings", Array(String(repeating: "flood relief ", count: 40).utf8))
  try writer.add("vectors", shape: [3, 5], elements: (0..<15).map { Float($0) / 4 })
  try writer.add("none", shape: [0], elements: [UInt32]())
  try writer.add("codes", shape: [7], elements: [UInt8](1...7))
  return writer
}

/// The bytes of `sampleWriter()`'s file.
func sampleBytes() throws -> [UInt8] {
  let folder = TemporaryFolder()
  try sampleWriter().write(to: folder.file("sample"))
  return try read(folder.file("sample"))
}

/// Corrects the header's checksum after a change, so that the later checks are reached.
func resealed(_ bytes: [UInt8]) -> [UInt8] {
  guard bytes.count >= 64 else { return bytes }
  let size = bytes.withUnsafeBytes { $0.uint64(32) }
  guard size <= UInt64(bytes.count - 64) else { return bytes }
  var bytes = bytes
  let checksum = bytes.withUnsafeBytes { ContainerHeader.checksum($0, tableSize: Int(size)) }
  bytes.replace(56, checksum)
  return bytes
}

extension [UInt8] {
  mutating func replace<Integer: FixedWidthInteger>(_ offset: Int, _ value: Integer) {
    Swift.withUnsafeBytes(of: value.littleEndian) { bytes in
      for (index, byte) in bytes.enumerated() { self[offset + index] = byte }
    }
  }

  func uint64(_ offset: Int) -> UInt64 { withUnsafeBytes { $0.uint64(offset) } }
  func uint32(_ offset: Int) -> UInt32 { withUnsafeBytes { $0.uint32(offset) } }
}
