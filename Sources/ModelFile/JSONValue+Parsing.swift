// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
  /// Parses one JSON document (RFC 8259) strictly: UTF-8 only, no duplicate keys, no trailing bytes, nesting up to
  /// `maximumDepth`. Two cases are tolerated: a number beyond Double's range becomes the greatest or least one, and an escaped
  /// half of a surrogate pair becomes U+FFFD, because programs cut emoji in two. Linear in the text's length.
  ///
  /// - Parameter maximumValues: the most values that the document may have, nested ones included. Two bytes of text make a value
  ///   of 24 bytes, so this bounds the memory that a text can use.
  package init(
    parsing bytes: [UInt8], maximumDepth: Int = 64, maximumValues: Int = JSONValue.maximumValues
  ) throws(JSONError) {
    let result = bytes.withUnsafeBufferPointer { bytes in
      var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth, maximumValues: maximumValues)
      return Result { () throws(JSONError) in try parser.document() }
    }
    self = try result.get()
  }

  /// Parses the bytes of a text.
  package init(parsing text: String, maximumDepth: Int = 64) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), maximumDepth: maximumDepth)
  }

  /// More than the largest published tokenizer.json needs (2 million: 262,000 pieces, and 515,000 merges of two).
  package static let maximumValues = 1 << 22
}

/// A recursive-descent parser over bytes that the caller keeps alive.
private struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let maximumDepth: Int
  let maximumValues: Int
  private var position = 0
  private var values = 0

  init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, maximumValues: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
    self.maximumValues = maximumValues
  }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw failure("more text follows after the document") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    skipSpace()
    values += 1
    guard values <= maximumValues else { throw failure("has more than \(maximumValues) values") }
    switch peek() {
    case UInt8(ascii: "{"): return try object(depth: depth + 1)
    case UInt8(ascii: "["): return try array(depth: depth + 1)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"): return try number()
    case _ where isDigit(peek()): return try number()
    case nil: throw failure("the text ends where a value is expected")
    default: throw failure("a value is expected here")
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= maximumDepth else { throw failure("nested deeper than \(maximumDepth)") }
    position += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard peek() == UInt8(ascii: "\"") else { throw failure("a key in quotes is expected here") }
      let start = position
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw failure("\":\" is expected here") }
      let member = try value(depth: depth)
      guard members.updateValue(member, forKey: key) == nil else {
        throw JSONError(offset: start, message: "key \"\(key.prefix(80))\" occurs twice")
      }
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw failure("\",\" or \"}\" is expected here") }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= maximumDepth else { throw failure("nested deeper than \(maximumDepth)") }
    position += 1
    var elements: [JSONValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth))
      skipSpace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw failure("\",\" or \"]\" is expected here") }
    }
  }

  private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let length = text.utf8CodeUnitCount
    guard bytes.count - position >= length,
      (0..<length).allSatisfy({ bytes[position + $0] == text.utf8Start[$0] })
    else { throw failure("\"\(text)\" is expected here") }
    position += length
    return value
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    let isNegative = take(UInt8(ascii: "-"))
    let first = position
    var mantissa = 0
    if take(UInt8(ascii: "0")) {
      if isDigit(peek()) { throw failure("a number must not have leading zeros") }
    } else {
      try digits(&mantissa)
    }
    var places = 0
    var isInteger = true
    if take(UInt8(ascii: ".")) {
      isInteger = false
      let point = position
      try digits(&mantissa)
      places = position - point
    }
    if position - first <= Self.exactDigits, peek() != UInt8(ascii: "e"), peek() != UInt8(ascii: "E") {
      // Both numbers are exact, so the quotient is rounded once, as the number itself must be.
      if isInteger { return .integer(isNegative ? -mantissa : mantissa) }
      let size = Double(mantissa) / Self.powers[places]
      return .number(isNegative ? -size : size)
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      isInteger = false
      position += 1
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits(&mantissa)
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    let limit = Double.greatestFiniteMagnitude
    return .number(min(limit, max(-limit, Double(text) ?? 0)))
  }

  /// Appends the digits that follow to `mantissa`, which wraps around if they are too many.
  private mutating func digits(_ mantissa: inout Int) throws(JSONError) {
    guard isDigit(peek()) else { throw failure("a digit is expected here") }
    while position < bytes.count, isDigit(bytes[position]) {
      mantissa = mantissa &* 10 &+ Int(bytes[position] &- UInt8(ascii: "0"))
      position += 1
    }
  }

  /// Digits of a number, its point included, whose integer and whose power of ten a Double holds exactly (Clinger, 1990).
  private static let exactDigits = 15
  private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    // Most strings have no escapes and are decoded in one pass.
    while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
    if peek() == UInt8(ascii: "\"") {
      position += 1
      guard let text = String(validating: bytes[start..<position - 1], as: UTF8.self) else {
        throw JSONError(offset: start, message: "the string is not valid UTF-8")
      }
      return text
    }
    var buffer = Array(bytes[start..<position])
    while let byte = peek() {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: buffer, as: UTF8.self) else {
          throw JSONError(offset: start, message: "the string is not valid UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): try escape(into: &buffer)
      case 0..<0x20:
        position -= 1
        throw failure("a control character must be escaped")
      default: buffer.append(byte)
      }
    }
    throw failure("the text ends inside a string")
  }

  private mutating func escape(into buffer: inout [UInt8]) throws(JSONError) {
    guard let byte = peek() else { throw failure("the text ends inside a string") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
    case UInt8(ascii: "b"): buffer.append(0x08)
    case UInt8(ascii: "f"): buffer.append(0x0C)
    case UInt8(ascii: "n"): buffer.append(0x0A)
    case UInt8(ascii: "r"): buffer.append(0x0D)
    case UInt8(ascii: "t"): buffer.append(0x09)
    case UInt8(ascii: "u"): buffer.append(contentsOf: Character(try escapedScalar()).utf8)
    default:
      position -= 1
      throw failure("unknown escape")
    }
  }

  /// Parses what follows `\u`: one code unit, or a surrogate pair. Half of a pair becomes U+FFFD.
  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let end = position
    if (0xD800..<0xDC00).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let second = try codeUnit()
      if (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    // The next escape is not the other half, so it is parsed on its own.
    position = end
    return "\u{FFFD}"
  }

  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw failure("four hexadecimal digits are expected here")
      }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  private func peek() -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func failure(_ message: String) -> JSONError {
    JSONError(offset: position, message: message)
  }
}
