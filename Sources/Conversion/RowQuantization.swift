/// A matrix in int8, symmetric, one scale per row: value ≈ integer × scale, integers in ±127 (never −128, so that two of
/// them multiplied and added in pairs fit 16 bits).
struct RowQuantization: Sendable {
  /// [rows × columns], row-major.
  let values: [Int8]
  /// [rows]; 1 for a row of zeros, so that nothing divides by zero.
  let scales: [Float]
  let error: QuantizationError

  /// - Parameter floats: [rows × columns], row-major, finite.
  init(_ floats: [Float], rows: Int, columns: Int) {
    var scales = [Float](repeating: 1, count: rows)
    var error = QuantizationError.Accumulator()
    values = [Int8](unsafeUninitializedCapacity: floats.count) { values, count in
      floats.withUnsafeBufferPointer { floats in
        for row in 0..<rows {
          let range = row * columns..<(row + 1) * columns
          var largest: Float = 0
          for index in range { largest = max(largest, abs(floats[index])) }
          // Below this, 127 / largest is infinite or the scale a subnormal; such a row is as good as zero.
          let inverse: Float = largest > 1e-35 ? 127 / largest : 0
          let scale: Float = inverse > 0 ? largest / 127 : 1
          scales[row] = scale
          error.beginRow()
          for index in range {
            let rounded = (floats[index] * inverse).rounded(.toNearestOrEven)
            let clamped = min(max(rounded, -127), 127)
            values.initializeElement(at: index, to: Int8(clamped))
            error.add(floats[index], clamped * scale)
          }
          error.endRow()
        }
      }
      count = floats.count
    }
    self.scales = scales
    self.error = error.result
  }
}

/// What a matrix lost.
public struct QuantizationError: Equatable, Sendable {
  /// Largest difference of an element.
  public let largest: Float
  /// Root of the mean squared difference over root of the mean square; 0 for a matrix of zeros.
  public let relativeRMS: Float
  /// The lowest cosine between a row and what it became; rows of zeros count as 1.
  public let worstRowCosine: Float

  struct Accumulator {
    private var largest: Float = 0
    private var squares = 0.0
    private var squaredErrors = 0.0
    private var worst = 1.0
    private var row = (exact: 0.0, stored: 0.0, both: 0.0)

    mutating func beginRow() { row = (0, 0, 0) }

    @inline(__always)
    mutating func add(_ exact: Float, _ stored: Float) {
      largest = max(largest, abs(exact - stored))
      let (exact, stored) = (Double(exact), Double(stored))
      squaredErrors += (exact - stored) * (exact - stored)
      row.exact += exact * exact
      row.stored += stored * stored
      row.both += exact * stored
    }

    mutating func endRow() {
      squares += row.exact
      guard row.exact > 0 else { return }
      worst = min(worst, row.stored > 0 ? row.both / (row.exact * row.stored).squareRoot() : 0)
    }

    var result: QuantizationError {
      QuantizationError(
        largest: largest, relativeRMS: squares > 0 ? Float((squaredErrors / squares).squareRoot()) : 0,
        worstRowCosine: Float(min(worst, 1)))
    }
  }
}
