// SPDX-License-Identifier: Apache-2.0
/// Many strings in one block of bytes. There is no object per string, so tens of thousands open in a few milliseconds.
///
/// The bytes hold the number of strings, their lengths, then their UTF-8 text one after the other; all integers are uint32,
/// little-endian. An index stores the table as a cold (LZ4) section.
package struct StringTable: Sendable, Equatable {
  private let bytes: [UInt8]
  /// The start of each string in `bytes`, and the end of the last: `count` + 1 values.
  private let starts: [Int]

  /// Number of strings.
  package var count: Int { starts.count - 1 }

  /// String `index`, 0 ..< count.
  package subscript(index: Int) -> String {
    String(decoding: bytes[starts[index]..<starts[index + 1]], as: UTF8.self)
  }

  /// The UTF-8 of string `index`.
  func utf8(_ index: Int) -> ArraySlice<UInt8> { bytes[starts[index]..<starts[index + 1]] }

  /// Reads a table from untrusted bytes. O(bytes).
  /// - Returns: a failure whose `rule` says why, unless there are exactly `count` strings of valid UTF-8 and nothing else.
  static func read(_ bytes: [UInt8], count: Int) -> Result<StringTable, Malformed> {
    func integer(_ place: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
    guard bytes.count >= 4 else { return .failure(Malformed(rule: "is too short to hold its count")) }
    guard integer(0) == count else { return .failure(Malformed(rule: "has \(integer(0)) strings, not \(count)")) }
    guard (bytes.count - 4) / 4 >= count else { return .failure(Malformed(rule: "is too short to hold its \(count) lengths")) }
    var starts: [Int] = []
    starts.reserveCapacity(count + 1)
    starts.append(4 + 4 * count)
    // A length has 32 bits and there are fewer than 2^31 of them: the sum cannot overflow.
    for index in 0..<count { starts.append(starts[index] + integer(4 + 4 * index)) }
    guard starts[count] == bytes.count else {
      return .failure(Malformed(rule: "has \(bytes.count) bytes; its lengths need \(starts[count])"))
    }
    guard String(validating: bytes[starts[0]...], as: UTF8.self) != nil,
      starts.dropLast().allSatisfy({ $0 == bytes.count || bytes[$0] & 0xC0 != 0x80 })
    else { return .failure(Malformed(rule: "is not valid UTF-8")) }
    return .success(StringTable(bytes: bytes, starts: starts))
  }

  struct Malformed: Error { let rule: String }

  /// The bytes that `read` reads.
  static func write(_ strings: some Collection<String>) -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ value: Int) {
      for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
    append(strings.count)
    for string in strings { append(string.utf8.count) }
    for string in strings { bytes += string.utf8 }
    return bytes
  }
}
