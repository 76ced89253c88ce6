// SPDX-License-Identifier: Apache-2.0
/// A JSON document in memory: metadata, configuration files, safetensors headers, input lines.
///
/// This parser replaces Foundation's, because duplicate keys must be rejected, every error must name its byte, hostile nesting
/// must not exhaust the stack, and the static binary is megabytes smaller without Foundation.
package enum JSONValue: Sendable, Equatable {
  case object([String: JSONValue])
  case array([JSONValue])
  case string(String)
  /// A number without fraction or exponent that fits an Int.
  case integer(Int)
  /// Every other number; always finite.
  case number(Double)
  case bool(Bool)
  case null

  /// The member of an object; nil if this is not an object or has no such member.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// The approximate memory in bytes, including what is stored outside the value itself.
  package var footprint: Int {
    let place = MemoryLayout<JSONValue>.stride
    // The overhead of the allocator and the containers.
    let block = 32
    return switch self {
    case .null, .bool, .integer, .number: place
    case .string(let text): place + (text.utf8.count > 15 ? block + text.utf8.count : 0)
    case .array(let elements): place + block + elements.reduce(0) { $0 + $1.footprint }
    // A hash table is between a third and three quarters full.
    case .object(let members):
      place + block + members.reduce(0) { $0 + 2 * (block + $1.key.utf8.count + $1.value.footprint) }
    }
  }

  /// The type for messages: "an object", "a string", …
  package var typeDescription: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .bool: "a boolean"
    case .null: "null"
    }
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// If a key occurs twice, the later member wins.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
  }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(nilLiteral: ()) { self = .null }
}

/// An error in a JSON text (`offset`) or in one of its values (`keyPath`).
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The byte offset in the text; nil for an error in a value.
  package let offset: Int?
  /// The path of the value, such as `retriever.hiddenSize`; nil for an error in the text.
  package let keyPath: String?
  package let message: String

  package init(offset: Int? = nil, keyPath: String? = nil, message: String) {
    self.offset = offset
    self.keyPath = keyPath
    self.message = message
  }

  package var description: String {
    if let keyPath { return "\(keyPath): \(message)" }
    if let offset { return "JSON, byte \(offset): \(message)" }
    return message
  }
}
