// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// One tweet to answer, as read from its input line.
package struct Request: Equatable, Sendable {
  /// The number of the line, counted from 1, for error messages.
  package var line: Int
  /// The original text of the tweet.
  package var text: String
  /// The JSON text of the id, returned byte for byte; nil if the line has none.
  package var id: [UInt8]?
  /// The number of hashtags that the line asks for; nil if it does not say.
  package var count: Int?
  /// Replies to the tweet, oldest first.
  package var conversation: [String]
  /// The account that wrote the tweet.
  package var author: String?
  /// The time of the tweet, in seconds since 1970.
  package var time: Int?
  /// Whether the program may learn from the line.
  package var teaches = true

  package init(line: Int, text: String, id: [UInt8]? = nil, count: Int? = nil, conversation: [String] = []) {
    self.line = line
    self.text = text
    self.id = id
    self.count = count
    self.conversation = conversation
  }

  /// The maximum number of hashtags that a line may ask for.
  package static let maximumCount = 100
}

/// Why a line cannot be answered. Other lines are not affected.
package struct LineFault: Error, Equatable, Sendable {
  /// The error codes of the protocol.
  package enum Code: String, Sendable {
    case invalidUTF8 = "invalid_utf8"
    case invalidJSON = "invalid_json"
    case invalidRequest = "invalid_request"
    case lineTooLong = "line_too_long"
  }

  package let line: Int
  package let code: Code
  package let message: String
  /// The id of the line, if it could be read.
  package let id: [UInt8]?

  package init(line: Int, code: Code, message: String, id: [UInt8]? = nil) {
    self.line = line
    self.code = code
    self.message = message
    self.id = id
  }
}

extension Request {
  /// Reads one input line: a JSON object, or the tweet itself; see ``InputLine``.
  ///
  /// Unknown members of the object are ignored, so whole tweet objects can be piped in. A member that is null counts as
  /// absent.
  package init(line: Int, bytes: [UInt8]) throws(LineFault) {
    do {
      switch try InputLine(bytes) {
      case .text(let text): self.init(line: line, text: text)
      case .object(let object, let source): try self.init(line: line, object: object, source: source)
      }
    } catch let error as InputLineError {
      throw LineFault(line: line, code: Self.code(of: error.kind), message: error.message)
    } catch let fault as LineFault {
      throw fault
    } catch {
      preconditionFailure("only the two errors above are thrown")
    }
  }

  private static func code(of kind: InputLineError.Kind) -> LineFault.Code {
    switch kind {
    case .encoding: .invalidUTF8
    case .json: .invalidJSON
    case .array: .invalidRequest
    }
  }

  private init(line: Int, object: JSONValue, source: JSONSource) throws(LineFault) {
    self.init(line: line, text: "")
    switch object["id"] {
    case nil, .null: break
    case .string, .integer, .number: id = source.member("id").map(Array.init)
    case let value?: throw fault("id is \(value.typeDescription), but must be a string or a number")
    }
    switch object["text"] {
    case .string(let value): text = value
    case nil, .null: throw fault("text is missing")
    case let value?: throw fault("text is \(value.typeDescription), but must be a string")
    }
    switch object["k"] {
    case nil, .null: break
    case .integer(let k) where (1...Self.maximumCount).contains(k): count = k
    case .number(let k) where (1...Self.maximumCount).contains { Double($0) == k }: count = Int(k)
    default: throw fault("k must be a whole number from 1 to \(Self.maximumCount)")
    }
    switch object["conversation"] {
    case nil, .null: break
    case .string(let reply): conversation = [reply]
    case .array(let replies):
      for reply in replies where reply != .null {
        guard case .string(let text) = reply else { throw fault("conversation must be a string or an array of strings") }
        conversation.append(text)
      }
    default: throw fault("conversation must be a string or an array of strings")
    }
    switch object["author"] {
    case nil, .null: break
    case .string(let name): author = name
    case .integer, .number: author = source.member("author").map { String(decoding: $0, as: UTF8.self) }
    case let value?: throw fault("author is \(value.typeDescription), but must be a string or a number")
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
}
