/// One named run of bytes in a container, as its table describes it.
public struct Section: Sendable, Equatable {
  public let name: String
  public let type: ElementType
  /// Row-major; one to four dimensions. An empty section has a zero among them.
  public let shape: [Int]
  /// Where the stored bytes begin in the file; a multiple of 64.
  public let offset: Int
  /// Bytes in the file.
  public let storedSize: Int
  /// Bytes once inflated: the product of `shape` times the size of `type`. Equal to `storedSize` for a raw section.
  public let size: Int
  /// Whether the stored bytes are one LZ4 frame (a cold section) rather than the elements themselves.
  public let isCompressed: Bool
  /// XXH64 (seed 0) of the stored bytes.
  public let checksum: UInt64

  /// Number of elements.
  public var count: Int { size / type.size }
}
