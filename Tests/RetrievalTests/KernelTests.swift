// SPDX-License-Identifier: Apache-2.0

import CKernels
import Testing

@testable import Retrieval

/// Every instruction set gives the same sums as the scalar kernel, including the largest values.
@Suite struct KernelTests {
  static let sets = (0..<Int32(ASSIGNER_ISA_COUNT)).filter { assigner_isa_present($0) != 0 }

  @Test(arguments: sets, [1, 2, 7, 8, 48, 64, 128])
  func scanEqualsScalar(set: Int32, pairs: Int) {
    var random = SplitMix64(seed: 11)
    for (blocks, ceiling) in [(1, 256), (3, 256), (5, 1)] {
      let codes = (0..<blocks * pairs * 32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      // A ceiling of 1 means tables that are all 255: the largest possible sum.
      let tables = (0..<pairs * 32).map { _ in ceiling == 1 ? UInt8.max : UInt8(random.next(below: ceiling)) }
      var sums = [UInt16](repeating: 1, count: blocks * 32)
      var expected = sums
      var found = [UInt32](repeating: 1, count: blocks)
      assigner_pq_scan_on(Int32(ASSIGNER_ISA_SCALAR), codes, tables, pairs, blocks, &expected, 0, &found)
      #expect(found.allSatisfy { $0 == .max })
      for least in [expected.min() ?? 0, expected[7], expected[blocks * 32 - 1], expected.max() ?? 0, .max] {
        assigner_pq_scan_on(set, codes, tables, pairs, blocks, &sums, least, &found)
        #expect(sums == expected)
        for row in expected.indices {
          let isFound: Bool = found[row / 32] >> UInt32(row % 32) & 1 == 1
          let reaches: Bool = expected[row] >= least
          #expect(isFound == reaches)
        }
      }
      if ceiling == 1 { #expect(sums.allSatisfy { Int($0) == 510 * pairs }) }
    }
  }

  @Test func scalarScanIsTheDefinition() {
    var random = SplitMix64(seed: 12)
    let (pairs, rows) = (4, 64)
    let packed = (0..<rows * pairs).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let tables = (0..<pairs * 32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    var sums = [UInt16](repeating: 0, count: rows)
    var found = [UInt32](repeating: 0, count: rows / 32)
    assigner_pq_scan(ScanBlocks.interleave(packed, pairs: pairs), tables, pairs, rows / 32, &sums, 0, &found)
    for row in 0..<rows {
      let codes = ScanBlocks.unpack(Array(packed[row * pairs..<(row + 1) * pairs]))
      let sum = codes.enumerated().reduce(0) { $0 + Int(tables[$1.offset * 16 + Int($1.element)]) }
      #expect(Int(sums[row]) == sum)
    }
  }

  @Test(arguments: sets, [1, 8, 16, 17, 192, 2048])
  func fourBitProductEqualsScalar(set: Int32, bytes: Int) {
    var random = SplitMix64(seed: 13)
    for extreme in [false, true] {
      let codes = (0..<bytes).map { _ -> UInt8 in extreme ? 0xFF : UInt8(truncatingIfNeeded: random.next()) }
      let weights = (0..<2 * bytes).map { _ -> Int16 in extreme ? -32767 : Int16(random.next(below: 65535) - 32767) }
      var sum = 0
      for index in 0..<bytes {
        sum += Int(codes[index] & 15) * Int(weights[index])
        sum += Int(codes[index] >> 4) * Int(weights[bytes + index])
      }
      #expect(Int(assigner_dot_u4_i16_on(set, codes, weights, bytes)) == sum)
    }
  }
}
