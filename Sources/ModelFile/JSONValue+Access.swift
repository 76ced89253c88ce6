// SPDX-License-Identifier: Apache-2.0
/// Typed access by key path. After an array, a path component is an index in decimal digits. Every error names the path.
extension JSONValue {
  /// The value at a path; nil if a component is absent.
  package func value(at path: [String]) -> JSONValue? {
    var value = self
    for key in path {
      switch value {
      case .object(let members):
        guard let member = members[key] else { return nil }
        value = member
      case .array(let elements):
        guard let index = Int(key), elements.indices.contains(index) else { return nil }
        value = elements[index]
      default: return nil
      }
    }
    return value
  }

  /// The value at a path; throws if it is absent.
  package func required(_ path: [String]) throws(JSONError) -> JSONValue {
    guard let value = value(at: path) else { throw Self.failure(path, "is missing") }
    return value
  }

  package func object(_ path: String...) throws(JSONError) -> [String: JSONValue] {
    let value = try required(path)
    guard case .object(let members) = value else { throw Self.mismatch(path, value, "an object") }
    return members
  }

  package func array(_ path: String...) throws(JSONError) -> [JSONValue] {
    let value = try required(path)
    guard case .array(let elements) = value else { throw Self.mismatch(path, value, "an array") }
    return elements
  }

  package func string(_ path: String...) throws(JSONError) -> String {
    let value = try required(path)
    guard case .string(let text) = value else { throw Self.mismatch(path, value, "a string") }
    return text
  }

  package func bool(_ path: String...) throws(JSONError) -> Bool {
    let value = try required(path)
    guard case .bool(let flag) = value else { throw Self.mismatch(path, value, "a boolean") }
    return flag
  }

  /// An integer inside `range` (by default any integer).
  ///
  /// Sizes that will be multiplied should get a range, so that a hostile one is rejected here instead of overflowing later.
  package func integer(_ path: String..., in range: ClosedRange<Int> = Int.min...Int.max) throws(JSONError) -> Int {
    let value = try required(path)
    guard case .integer(let number) = value else { throw Self.mismatch(path, value, "an integer") }
    guard range.contains(number) else {
      throw Self.failure(path, "is \(number), outside \(range.lowerBound)...\(range.upperBound)")
    }
    return number
  }

  /// A number; integers are accepted.
  package func number(_ path: String...) throws(JSONError) -> Double {
    let value = try required(path)
    guard let number = value.double else { throw Self.mismatch(path, value, "a number") }
    return number
  }

  /// An array of integers.
  package func integers(_ path: String...) throws(JSONError) -> [Int] {
    let value = try required(path)
    guard case .array(let elements) = value else { throw Self.mismatch(path, value, "an array") }
    var numbers: [Int] = []
    numbers.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .integer(let number) = element else { throw Self.mismatch(path + ["\(index)"], element, "an integer") }
      numbers.append(number)
    }
    return numbers
  }

  /// An array of numbers; integers are accepted.
  package func numbers(_ path: String...) throws(JSONError) -> [Double] {
    let value = try required(path)
    guard case .array(let elements) = value else { throw Self.mismatch(path, value, "an array") }
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard let number = element.double else { throw Self.mismatch(path + ["\(index)"], element, "a number") }
      numbers.append(number)
    }
    return numbers
  }

  /// An array of strings.
  package func strings(_ path: String...) throws(JSONError) -> [String] {
    let value = try required(path)
    guard case .array(let elements) = value else { throw Self.mismatch(path, value, "an array") }
    var texts: [String] = []
    texts.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .string(let text) = element else { throw Self.mismatch(path + ["\(index)"], element, "a string") }
      texts.append(text)
    }
    return texts
  }

  private var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  private static func failure(_ path: [String], _ message: String) -> JSONError {
    JSONError(keyPath: path.joined(separator: "."), message: message)
  }

  private static func mismatch(_ path: [String], _ value: JSONValue, _ expected: String) -> JSONError {
    failure(path, "is \(value.typeDescription), not \(expected)")
  }
}
