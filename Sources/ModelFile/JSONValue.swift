// SPDX-License-Identifier: Apache-2.0
/// A JSON document in memory: metadata, configuration files, safetensors headers, input lines.
///
/// Own and small rather than Foundation's, because duplicate keys must be refused, every error must name its byte, hostile
/// nesting must not reach the stack's end, and the static binary is megabytes smaller without it.
package enum JSONValue: Sendable, Equatable {
  case object([String: JSONValue])
  case array([JSONValue])
  case string(String)
  /// A number without fraction or exponent that fits.
  case integer(Int)
  /// Every other number; finite.
  case number(Double)
  case bool(Bool)
  case null

  /// The member of an object, nil where this is no object or has no such member.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// About how many bytes it takes in memory: its place and what it holds elsewhere.
  package var footprint: Int {
    let place = MemoryLayout<JSONValue>.stride
    // What the allocator and the containers keep for themselves.
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

  /// What it is, for messages: "an object", "a string", …
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
  /// A later member replaces an earlier one of the same key.
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

/// What is wrong with a JSON text (`offset`) or with a value in it (`keyPath`).
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Byte offset in the text, nil for an error about a value.
  package let offset: Int?
  /// `retriever.hiddenSize`, nil for an error in the text.
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
