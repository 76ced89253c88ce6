// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// One tweet to answer, as its input line gave it.
package struct Request: Equatable, Sendable {
  /// The number of the line, counted from 1. The noise of the generator is keyed by it.
  package var line: Int
  /// The tweet, with everything it came with.
  package var text: String
  /// The JSON text of the id, echoed byte for byte; nil where none came.
  package var id: [UInt8]?
  /// How many hashtags are wanted, where the line says so.
  package var count: Int?
  /// Replies to the tweet, oldest first.
  package var conversation: [String]
  /// The account that wrote the tweet.
  package var author: String?
  /// When it was written, in seconds since 1970.
  package var time: Int?
  /// Whether the line may teach, where the program learns.
  package var teaches = true

  package init(line: Int, text: String, id: [UInt8]? = nil, count: Int? = nil, conversation: [String] = []) {
    self.line = line
    self.text = text
    self.id = id
    self.count = count
    self.conversation = conversation
  }

  /// The most hashtags that one line may ask for.
  package static let maximumCount = 100
}

/// Why a line cannot be answered. It costs that line only.
package struct LineFault: Error, Equatable, Sendable {
  /// The codes of the protocol.
  package enum Code: String, Sendable {
    case invalidUTF8 = "invalid_utf8"
    case invalidJSON = "invalid_json"
    case invalidRequest = "invalid_request"
    case lineTooLong = "line_too_long"
  }

  package let line: Int
  package let code: Code
  package let message: String
  /// The id of the line, as far as it could be read.
  package let id: [UInt8]?

  package init(line: Int, code: Code, message: String, id: [UInt8]? = nil) {
    self.line = line
    self.code = code
    self.message = message
    self.id = id
  }
}

extension Request {
  /// Reads one input line: a JSON object where it starts with "{", else the tweet itself.
  ///
  /// Members of the object that the protocol does not know are passed over, so whole tweet objects can be piped in.
  package init(line: Int, bytes: [UInt8]) throws(LineFault) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw LineFault(
        line: line, code: .invalidUTF8, message: "the line is not UTF-8 at byte \(Self.firstInvalidByte(bytes))")
    }
    guard bytes.first == UInt8(ascii: "{") else {
      self.init(line: line, text: text)
      return
    }
    let object: JSONValue
    do {
      object = try JSONValue(parsing: bytes)
    } catch {
      throw LineFault(line: line, code: .invalidJSON, message: "the line starts with { but is no object: \(error)")
    }
    try self.init(line: line, object: object, source: bytes)
  }

  private init(line: Int, object: JSONValue, source: [UInt8]) throws(LineFault) {
    self.init(line: line, text: "")
    switch object["id"] {
    case nil: break
    case .string, .integer, .number, .null: id = RawMember.source(of: "id", in: source)
    case let value?: throw fault("id is \(value.typeDescription), but must be a string or a number")
    }
    switch object["text"] {
    case .string(let value): text = value
    case let value?: throw fault("text is \(value.typeDescription), but must be a string")
    case nil: throw fault("text is missing")
    }
    switch object["k"] {
    case nil, .null: break
    case .integer(let k) where (1...Self.maximumCount).contains(k): count = k
    default: throw fault("k must be a whole number from 1 to \(Self.maximumCount)")
    }
    switch object["conversation"] {
    case nil, .null: break
    case .array(let replies):
      for reply in replies {
        guard case .string(let text) = reply else { throw fault("conversation must be an array of strings") }
        conversation.append(text)
      }
    default: throw fault("conversation must be an array of strings")
    }
    switch object["author"] {
    case nil, .null: break
    case .string(let name): author = name
    case .integer(let number): author = String(number)
    case let value?: throw fault("author is \(value.typeDescription), but must be a string or a whole number")
    }
    switch object["time"] {
    case nil, .null: break
    case let value?:
      time = value.moment
      if time == nil { throw fault("time must be seconds since 1970, or as in 2018-08-16T09:30:00Z") }
    }
    switch object["learn"] {
    case nil, .null: break
    case .bool(let flag): teaches = flag
    case let value?: throw fault("learn is \(value.typeDescription), but must be true or false")
    }
  }

  private func fault(_ message: String) -> LineFault {
    LineFault(line: line, code: .invalidRequest, message: message, id: id)
  }

  /// Offset of the first byte that is no part of a well-formed sequence.
  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput, .error: return offset
      }
    }
  }
}
