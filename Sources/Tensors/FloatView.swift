/// A dense row-major float matrix in memory that somebody else owns: an arena, usually.
public struct FloatView {
  public let base: UnsafeMutablePointer<Float>
  public let rows: Int
  public let columns: Int

  public init(_ base: UnsafeMutablePointer<Float>, rows: Int, columns: Int) {
    self.base = base
    self.rows = rows
    self.columns = columns
  }

  public var count: Int { rows * columns }

  /// The start of a row.
  public func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * columns }

  /// The rows `first ..< first + count` as a matrix.
  public func rows(from first: Int, count: Int) -> FloatView { FloatView(row(first), rows: count, columns: columns) }

  public subscript(row: Int, column: Int) -> Float {
    get { base[row * columns + column] }
    nonmutating set { base[row * columns + column] = newValue }
  }

  public func fill(_ value: Float) { base.update(repeating: value, count: count) }

  /// Takes the elements of a matrix of the same shape.
  public func copy(from other: FloatView) { base.update(from: other.base, count: count) }
}
