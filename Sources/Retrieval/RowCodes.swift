// SPDX-License-Identifier: Apache-2.0
/// The encoded vectors of a builder, and how close their reconstructions are to the original vectors.
struct RowCodes: Sendable {
  let quantizer: ProductQuantizer
  /// [rows, M/2], two codes per byte.
  private(set) var packed: [UInt8] = []
  /// [rows, d/2].
  private(set) var residuals: [UInt8] = []
  /// [rows, 2]: step of the residual, factor of the row.
  private(set) var scales: [Float] = []
  /// Sums over the encoded rows of the cosine between a vector and its reconstruction from codes alone, or from codes and
  /// residual.
  private(set) var coarseCosines = 0.0
  private(set) var fineCosines = 0.0

  var count: Int { scales.count / 2 }
  private var pairs: Int { quantizer.subquantizers / 2 }
  private var half: Int { quantizer.dimension / 2 }

  init(_ quantizer: ProductQuantizer) {
    self.quantizer = quantizer
  }

  /// Takes over the rows of an index.
  init(_ index: CorpusIndex) {
    quantizer = index.quantizer
    packed.reserveCapacity(index.rowCount * quantizer.subquantizers / 2)
    for row in 0..<index.rowCount {
      packed += ScanBlocks.row(row, index.codes, pairs: quantizer.subquantizers / 2)
    }
    residuals = Array(index.residuals)
    scales = Array(index.scales)
    let statistics = index.reconstruction
    coarseCosines = statistics.coarse * Double(index.rowCount)
    fineCosines = statistics.fine * Double(index.rowCount)
  }

  /// Encodes one vector. O(16 d).
  mutating func append(_ vector: [Float]) {
    let codes = quantizer.encode(vector)
    let coarse = quantizer.decode(codes)
    let residual = zip(vector, coarse).map { $0 - $1 }
    let (bytes, step) = FourBitRow.encode(residual)
    let fine = bytes.withUnsafeBufferPointer { rest in
      zip(coarse, FourBitRow.decode(rest, scale: step)).map { $0 + $1 }
    }
    packed += ScanBlocks.pack(codes)
    residuals += bytes
    // The nearest neighbours of a row point almost the same way as the row, so an error along the row's direction costs the
    // most. This factor makes the row's product with itself exact.
    let square = Self.product(vector, vector)
    let product = Self.product(vector, fine)
    let factor = product > 0 ? min(2, max(0.5, square / product)) : 1
    scales += [step, Float(factor)]
    coarseCosines += Self.cosine(vector, coarse)
    fineCosines += Self.cosine(vector, fine)
  }

  /// A row's vector, decoded from its codes, residual and factor, d components.
  func vector(_ row: Int) -> [Float] {
    let coarse = quantizer.decode(ScanBlocks.unpack(Array(packed[row * pairs..<(row + 1) * pairs])))
    let fine = residuals.withUnsafeBufferPointer { residuals in
      FourBitRow.decode(
        UnsafeBufferPointer(rebasing: residuals[row * half..<(row + 1) * half]), scale: scales[2 * row])
    }
    return zip(coarse, fine).map { ($0 + $1) * scales[2 * row + 1] }
  }

  /// The codes of the given rows, in the given order. O(rows).
  func keeping(_ rows: [Int]) -> RowCodes {
    var kept = RowCodes(quantizer)
    kept.packed.reserveCapacity(rows.count * pairs)
    kept.residuals.reserveCapacity(rows.count * half)
    kept.scales.reserveCapacity(rows.count * 2)
    for row in rows {
      kept.packed += packed[row * pairs..<(row + 1) * pairs]
      kept.residuals += residuals[row * half..<(row + 1) * half]
      kept.scales += scales[2 * row..<2 * row + 2]
    }
    let share = count > 0 ? Double(rows.count) / Double(count) : 0
    kept.coarseCosines = coarseCosines * share
    kept.fineCosines = fineCosines * share
    return kept
  }

  private static func product(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  private static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    let norms = (product(a, a) * product(b, b)).squareRoot()
    return norms > 0 ? product(a, b) / norms : 0
  }
}
