// SPDX-License-Identifier: Apache-2.0
/// The names of an index's rows: ids that callers gave, and running numbers for rows without one.
///
/// A made name is "@" and the number. A given id is its own name; an id that looks like a made name gets one more "@" in
/// front, so that no two names collide: "@7" is row number 7 without an id, "@@7" the row whose id is "@7".
package enum RowName {
  /// The version of these rules, recorded in the file. In version 1, made names were the bare numbers.
  static let version = 2

  /// The name of a row without an id.
  package static func made(_ number: Int) -> String { "@\(number)" }

  /// The name of a row with this id.
  package static func given(_ id: String) -> String {
    let digits = id.utf8.drop { $0 == UInt8(ascii: "@") }
    let looksMade = id.utf8.first == UInt8(ascii: "@") && !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
    return looksMade ? "@" + id : id
  }

  /// Converts a name of version 1: a running number that was already used counts as made.
  static func upgraded(_ name: String, nextNumber: Int) -> String {
    if let number = Int(name), (0..<nextNumber).contains(number), String(number) == name { return made(number) }
    return given(name)
  }
}
