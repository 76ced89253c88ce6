/// A JSON document in memory: metadata, configuration files, safetensors headers, input lines.
///
/// Own and small rather than Foundation's, because duplicate keys must be refused, every error must name its byte, hostile
/// nesting must not reach the stack's end, and the static binary is megabytes smaller without it.
public enum JSONValue: Sendable, Equatable {
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
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// What it is, for messages: "an object", "a string", …
  public var typeDescription: String {
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
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
  }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(nilLiteral: ()) { self = .null }
}

/// What is wrong with a JSON text (`offset`) or with a value in it (`keyPath`).
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Byte offset in the text, nil for an error about a value.
  public let offset: Int?
  /// `retriever.hiddenSize`, nil for an error in the text.
  public let keyPath: String?
  public let message: String

  public init(offset: Int? = nil, keyPath: String? = nil, message: String) {
    self.offset = offset
    self.keyPath = keyPath
    self.message = message
  }

  public var description: String {
    if let keyPath { return "\(keyPath): \(message)" }
    if let offset { return "JSON, byte \(offset): \(message)" }
    return message
  }
}
