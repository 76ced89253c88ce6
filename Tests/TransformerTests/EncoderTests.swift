// SPDX-License-Identifier: Apache-2.0

import GoldenFixtures
import ModelFile
import Tensors
import Testing
import Transformer

@Suite struct EncoderTests {
  let tokens: [Int32] = [2, 60, 61, 90, 70, 3]

  @Test(arguments: [GoldenModel.tiny, .tinyInt8])
  func thePlannedScratchIsWhatEncodingTakes(model: GoldenModel) throws {
    let encoder = try SentenceEncoder(file: ContainerFile(path: model.path), name: "retriever")
    for count in [1, 2, 15, 16, 17, 127, 128] {
      let arena = Arena(capacity: encoder.scratch(tokens: count))
      _ = try encoder.encode((0..<count).map { Int32($0 % 50) }, arena: arena)
      #expect(arena.highWater == arena.capacity, "\(count) tokens")
    }
  }

  @Test func unknownTokensAndLongSequencesAreErrors() throws {
    let encoder = try SentenceEncoder(file: ContainerFile(path: GoldenModel.tiny.path), name: "retriever")
    let arena = Arena(capacity: encoder.scratch)
    let rows = encoder.encoder.configuration.vocabularySize
    #expect(throws: TensorError.tokenOutOfRange(token: Int32(rows), position: 1, rows: rows)) {
      try encoder.encode([2, Int32(rows)], arena: arena)
    }
    #expect(throws: TensorError.tokenOutOfRange(token: -1, position: 0, rows: rows)) {
      try encoder.encode([-1], arena: arena)
    }
    #expect(throws: TensorError.tokenCount(129, allowed: 1...128)) {
      try encoder.encode([Int32](repeating: 2, count: 129), arena: arena)
    }
    #expect(throws: TensorError.tokenCount(0, allowed: 1...128)) { try encoder.encode([], arena: arena) }
    #expect(throws: TensorError.self) { try encoder.encode(tokens, arena: Arena(capacity: 1000)) }
  }

  @Test func anEmbeddingHasLength1AndIsTheSameEveryTime() throws {
    let encoder = try SentenceEncoder(file: ContainerFile(path: GoldenModel.tinyInt8.path), name: "selector")
    let arena = Arena(capacity: encoder.scratch)
    let first = try encoder.encode(tokens, arena: arena)
    _ = try encoder.encode([2, 3], arena: arena)
    #expect(try encoder.encode(tokens, arena: arena) == first)
    #expect(abs(first.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
  }

  @Test(arguments: [GoldenModel.tiny, .tinyInt8])
  func aSentenceHasTheSameBitsAloneAndAmongOthers(model: GoldenModel) throws {
    let encoder = try SentenceEncoder(file: ContainerFile(path: model.path), name: "retriever")
    let arena = Arena(capacity: encoder.scratch)
    // The first nine fill a batch. The longest have batches of their own, others share one.
    let lengths = [1, 7, 128, 3, 50, 60, 18, 127, 2, 128, 64, 65, 30, 34, 9]
    let batch = lengths.map { length in (0..<length).map { Int32(($0 * 7 + length) % 90) } }
    var vectors = [Float](repeating: .nan, count: batch.count * encoder.size)
    try vectors.withUnsafeMutableBufferPointer { buffer in
      let output = FloatView(try #require(buffer.baseAddress), rows: batch.count, columns: encoder.size)
      try encoder.encode(batch: batch, into: output, arena: arena)
    }
    for (place, tokens) in batch.enumerated() {
      #expect(Array(vectors[place * encoder.size..<(place + 1) * encoder.size]) == (try encoder.encode(tokens, arena: arena)))
    }
    #expect(arena.mark == 0)
    var one = [Float](repeating: 0, count: encoder.size)
    one.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let output = FloatView(base, rows: 1, columns: encoder.size)
      for bad in [[Int32](), [Int32](repeating: 2, count: 129), [-1]] {
        #expect(throws: TensorError.self) { try encoder.encode(batch: [bad], into: output, arena: arena) }
      }
    }
  }
}
