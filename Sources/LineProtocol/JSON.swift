/// A JSON value as a line of input has it. Numbers keep the text they came in, so nothing is rounded on the way through.
public indirect enum JSON: Equatable, Sendable {
  case object([Member])
  case array([JSON])
  case string(String)
  case number(String)
  case bool(Bool)
  case null

  /// A member of an object, with the bytes its value was written in.
  public struct Member: Equatable, Sendable {
    public let key: String
    public let value: JSON
    public let source: [UInt8]
  }

  /// The value of the member with this key; nil where this is no object or has no such member.
  public subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  public var array: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The number as an integer; nil where it is none or does not fit.
  public var integer: Int? {
    if case .number(let text) = self { Int(text) } else { nil }
  }

  public var double: Double? {
    if case .number(let text) = self { Double(text) } else { nil }
  }

  /// What this is, for messages.
  public var kind: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .bool: "true or false"
    case .null: "null"
    }
  }
}

/// What is wrong with a JSON text, and where.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Offset of the offending byte.
  public let offset: Int
  public let rule: String

  public var description: String { "\(rule) at byte \(offset)" }
}
