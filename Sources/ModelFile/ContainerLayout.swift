// SPDX-License-Identifier: Apache-2.0
/// The bytes of format version 1. All integers are little-endian.
///
/// ```
/// header, 64 bytes
///    0  magic "ASSIGNER"
///    8  UInt32 endianness marker 0x01020304
///   12  UInt32 format version
///   16  UInt32 kind (1 model, 2 index)
///   20  UInt32 number of sections
///   24  UInt64 offset of the table (64)
///   32  UInt64 size of the table: 96 bytes per section, then the names without separators
///   40  UInt64 size of the file
///   48  UInt64 zero
///   56  UInt64 XXH64 of the table, seeded with the XXH64 (seed 0) of bytes 0 ..< 56
/// table entry, 96 bytes
///    0  UInt32 offset of the name in the names    4  UInt32 length of the name
///    8  UInt32 element type                      12  UInt32 encoding (0 raw, 1 LZ4 frame)
///   16  UInt32 rank, 1 ... 4                     20  UInt32 zero
///   24  4 × UInt64 dimensions, zero beyond the rank
///   56  UInt64 offset                            64  UInt64 stored size
///   72  UInt64 inflated size                     80  UInt64 XXH64 of the stored bytes
///   88  UInt64 zero
/// ```
///
/// The sections follow in the order of the table. Each begins at the next multiple of 64 after the one before, with zeros between
/// them; the file ends with the last stored byte. The sizes alone thus determine the place of every section, and an overlap or a
/// hole breaks that rule.
enum ContainerLayout {
  static let magic: [UInt8] = Array("ASSIGNER".utf8)
  static let endianness: UInt32 = 0x0102_0304
  /// The newest version that this program reads, and the version that it writes.
  static let version: UInt32 = 1
  static let headerSize = 64
  static let checksumOffset = 56
  static let entrySize = 96
  static let alignment = 64
  static let maximumRank = 4
  static let maximumNameLength = 255
  static let maximumSections = 65_536
  /// LZ4 cannot compress better than 255 to 1. A larger claim is false and would only make the reader allocate memory.
  static let maximumInflation = 255
  /// A cold section is inflated as a whole. Larger data belongs in a raw section.
  static let maximumInflatedSize = 1 << 30
  static let metadataName = "metadata"
  /// The metadata is read whenever a file is opened. Real metadata has some kilobytes and some hundred values.
  static let maximumMetadataSize = 4 << 20
  static let maximumMetadataValues = 1 << 18
  /// The limit for every other section that is a JSON document. A ranking of 100,000 nodes has 5 MiB and 500,000 values.
  static let maximumDocumentSize = 16 << 20
  static let maximumDocumentValues = 1 << 20

  /// The next multiple of 64; nil on overflow.
  static func aligned(_ offset: Int) -> Int? {
    let (sum, overflow) = offset.addingReportingOverflow(alignment - 1)
    return overflow ? nil : sum & ~(alignment - 1)
  }

  /// The bytes of `shape` elements of `type`; nil if a dimension is negative or the product overflows.
  static func size(of shape: [Int], _ type: ElementType) -> Int? {
    var size = type.size
    var hasZero = false
    for dimension in shape {
      if dimension < 0 { return nil }
      if dimension == 0 {
        hasZero = true
        continue
      }
      // Zeros are skipped, so that [0, Int.max, Int.max] is rejected like [1, Int.max, Int.max].
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      if overflow { return nil }
      size = product
    }
    return hasZero ? 0 : size
  }

  /// A name is 1 to 255 visible ASCII characters, because it is printed in errors and typed in scripts.
  static func isValidName(_ bytes: some Collection<UInt8>) -> Bool {
    (1...maximumNameLength).contains(bytes.count) && bytes.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
