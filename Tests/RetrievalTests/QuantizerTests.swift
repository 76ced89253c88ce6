// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Testing

@testable import Retrieval

/// Compares with faiss's ProductQuantizer (Tools/fixtures/retrieval.py).
@Suite struct QuantizerTests {
  struct Golden {
    let quantizer: ProductQuantizer
    let rows: [[Float]]
    let queries: [[Float]]
    let json: JSONValue

    init() throws {
      json = try fixture("quantizer.json")
      let dimension = try json.integer("dimension")
      let json = json
      func matrix(_ name: String) throws -> [[Float]] {
        let flat = try json.numbers(name).map { Float($0) }
        return stride(from: 0, to: flat.count, by: dimension).map { Array(flat[$0..<$0 + dimension]) }
      }
      quantizer = ProductQuantizer(
        dimension: dimension, subquantizers: try json.integer("parts"),
        codebooks: try json.numbers("centroids").map { Float($0) })
      rows = try matrix("rows")
      queries = try matrix("queries")
    }
  }

  @Test func assignmentEqualsFaiss() throws {
    let golden = try Golden()
    let codes = golden.rows.flatMap { ScanBlocks.pack(golden.quantizer.encode($0)) }
    let expected = try golden.json.integers("codes")
    #expect(codes.map { Int($0) } == expected)
  }

  @Test func tablesAndProductsEqualFaiss() throws {
    let golden = try Golden()
    let tables = golden.queries.flatMap(golden.quantizer.innerProducts)
    let expected = try golden.json.numbers("tables").map { Float($0) }
    #expect(zip(tables, expected).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(tables.count == expected.count)
    let products = try golden.json.numbers("products").map { Float($0) }
    for (query, vector) in golden.queries.enumerated() {
      for (row, other) in golden.rows.enumerated() {
        let decoded = golden.quantizer.decode(golden.quantizer.encode(other))
        #expect(abs(dot(vector, decoded) - products[query * golden.rows.count + row]) < 1e-5)
      }
    }
  }

  @Test func trainingIsAsGoodAsFaissAndRepeatable() throws {
    let golden = try Golden()
    let flat = golden.rows.flatMap { $0 }
    func train(seed: UInt64) throws -> ProductQuantizer {
      try flat.withUnsafeBufferPointer {
        try ProductQuantizer.train($0, dimension: 24, subquantizers: 8, seed: seed)
      }
    }
    let quantizer = try train(seed: 5)
    let error = golden.rows.reduce(Float(0)) { sum, row in
      let difference = zip(row, quantizer.decode(quantizer.encode(row))).map { $0 - $1 }
      return sum + dot(difference, difference)
    }
    let (again, other) = (try train(seed: 5), try train(seed: 6))
    let expected = try golden.json.number("meanSquaredError")
    #expect(Double(error) / Double(golden.rows.count) < 1.1 * expected)
    #expect(again == quantizer)
    #expect(other != quantizer)
  }

  @Test func fewerRowsThanCentroids() throws {
    let rows: [Float] = [1, 0, 0, 0, 0, 1, 0, 0]
    let quantizer = try rows.withUnsafeBufferPointer {
      try ProductQuantizer.train($0, dimension: 4, subquantizers: 2, seed: 0)
    }
    #expect(quantizer.codebooks.allSatisfy { $0.isFinite })
    #expect(dot(quantizer.decode(quantizer.encode([1, 0, 0, 0])), [1, 0, 0, 0]) > 0.99)
  }

  @Test(arguments: [(384, 96), (768, 192), (32, 8), (2, 2), (10, 2)])
  func defaultParts(dimension: Int, parts: Int) {
    #expect(ProductQuantizer.defaultSubquantizers(dimension: dimension) == parts)
    #expect(ProductQuantizer.objection(dimension: dimension, subquantizers: parts) == nil)
  }

  @Test(arguments: [(0, 2), (-4, 2), (7, 1), (384, 5), (384, 0), (384, 384), (8192, 2)])
  func impossibleSizesAreRefused(dimension: Int, parts: Int) {
    #expect(ProductQuantizer.objection(dimension: dimension, subquantizers: parts) != nil)
  }

  @Test func eightBitTableKeepsTheOrder() {
    let table = (0..<32).map { Float($0 * $0) / 1000 }
    let scan = ScanTable(table)
    let levels = scan.entries
    #expect(levels[0] == 0 && levels[16] == 0 && levels[31] == 255)
    #expect(zip(levels, levels.dropFirst()).enumerated().allSatisfy { $0.offset == 15 || $0.element.0 <= $0.element.1 })
    // The sum of two entries gives the sum of their products.
    for (a, b) in [(0, 16), (3, 20), (15, 31)] {
      #expect(abs(scan.product(UInt16(levels[a]) + UInt16(levels[b])) - table[a] - table[b]) <= 0.736 / 255)
    }
    let flat = ScanTable([Float](repeating: 3, count: 16))
    #expect(flat.entries == [UInt8](repeating: 0, count: 16) && flat.product(0) == 3)
  }

  @Test func fourBitRowsAndQueries() {
    var clusters = Clusters(dimension: 64)
    var worst: Float = 1
    for _ in 0..<50 {
      let (row, query) = (clusters.vector(), clusters.vector())
      let (codes, scale) = FourBitRow.encode(row)
      let decoded = codes.withUnsafeBufferPointer { FourBitRow.decode($0, scale: scale) }
      worst = min(worst, dot(row, decoded) / dot(decoded, decoded).squareRoot())
      #expect(abs(FourBitQuery(query).dot(codes, scale: scale) - dot(query, decoded)) < 1e-4)
    }
    #expect(worst > 0.985)
    #expect(FourBitRow.encode([0, 0]).scale == 0)
    #expect(FourBitQuery([0, 0]).dot([0x12], scale: 1) == 0)
  }
}
