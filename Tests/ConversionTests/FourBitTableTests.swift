// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tensors
import Testing
import Transformer

@testable import Conversion
@testable import ModelFile

/// Word embeddings in 4 bits, from a checkpoint through the file to the rows that the runtime reads.
@Suite struct FourBitTableTests {
  /// A file with the table "words", and what its report says.
  private func stored(_ tensor: TestTensor) throws -> (path: String, report: ConversionReport) {
    var store = TensorStore(keepsFloats: false, tables: .four)
    let rule = TensorRule("words", "words", tensor.shape, .words)
    try store.add(MemoryTensors(tensors: ["words": tensor]), [rule], ignoring: [], progress: { _ in })
    let path = NSTemporaryDirectory() + "four-bit-\(UUID().uuidString)"
    try store.writer.write(to: path)
    return (path, store.report)
  }

  private func rows(_ path: String, _ rows: Int, _ size: Int) throws -> [Float] {
    let table = try TensorReader(file: ContainerFile(path: path), prefix: "").embedding("words", rows: rows, size: size)
    return (0..<rows).flatMap { row in
      var copied = [Float](repeating: 1, count: size)
      table.copy(row, to: &copied)
      var sum = [Float](repeating: 1, count: size)
      table.add(row, to: &sum)
      #expect(sum == copied.map { 1 + $0 })
      return copied
    }
  }

  @Test func aTableThatHad4BitsKeepsEveryBit() throws {
    // Blocks whose extreme element is −8 times a half-precision scale, of either sign; one of zeros.
    var values: [Float] = []
    for block in 0..<6 {
      let scale = block == 4 ? 0 : HalfPrecision.float(UInt16(0x2000 + 77 * block)) * (block % 2 == 0 ? 1 : -1)
      values += (0..<32).map { Float(($0 * 7 + block * 5) % 16 - 8) * scale }
    }
    let (path, report) = try stored(TestTensor([3, 64], values))
    defer { try? remove(path) }
    #expect(try rows(path, 3, 64) == values)
    #expect(report.rows.map(\.type) == [.uint8])
    #expect(report.rows.first?.error?.largest == 0)
    let file = try ContainerFile(path: path)
    #expect(file.section("words")?.size == 3 * 32)
    #expect(file.section("words.scale")?.size == 3 * 2 * 2)
  }

  @Test func otherTablesAreWithinAStep() throws {
    // Several blocks of rows of the writer.
    let tensor = TestTensor([3000, 96], seed: "table")
    let (path, report) = try stored(tensor)
    defer { try? remove(path) }
    let found = try rows(path, 3000, 96)
    for start in stride(from: 0, to: found.count, by: 32) {
      let block = start..<start + 32
      let step = (tensor.values[block].map(abs).max() ?? 0) / 8
      // An element opposite to the extreme one may be cut by a step, and the scale is rounded; others are rounded.
      #expect(block.allSatisfy { abs(found[$0] - tensor.values[$0]) <= step * 1.01 })
    }
    let error = try #require(report.rows.first?.error)
    #expect(error.largest == zip(found, tensor.values).map { abs($0 - $1) }.max())
    #expect(error.worstRowCosine > 0.98)
  }

  @Test func oddWidthsStayInt8() throws {
    let (path, report) = try stored(TestTensor([2, 40], seed: "odd"))
    defer { try? remove(path) }
    #expect(report.rows.map(\.type) == [.int8])
  }

  @Test func aWrongShapeIsRefused() throws {
    let (path, _) = try stored(TestTensor([3, 64], seed: "shape"))
    defer { try? remove(path) }
    let reader = TensorReader(file: try ContainerFile(path: path), prefix: "")
    for (rows, size) in [(4, 64), (3, 32), (3, 40)] {
      #expect(throws: ContainerError.self) { try reader.embedding("words", rows: rows, size: size) }
    }
    #expect(throws: ContainerError.self) { try reader.weights("words", rows: 3, columns: 64) }
  }
}
