// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// A row of a corpus or of gold data: a tweet and the hashtags that people gave it.
package struct CorpusRow: Equatable, Sendable {
  /// The text as it came.
  package var text: String
  /// Spellings without "#".
  package var hashtags: [String]
  /// Whether the hashtags were found in the text, so that a query must not show them.
  package var hashtagsAreFromText = false
  /// The caller's name for it.
  package var identifier: String?
  /// Identifiers of index rows that must not be seen when this row is a query: itself, its near-duplicates.
  package var exclude: [String]
  /// Gold rows of a stream: the tweet that teaches its hashtags once the row has been asked; nil where it does not.
  package var typed: String?
  /// The account that wrote it, and when, in seconds since 1970.
  package var author: String?
  package var time: Int?

  package init(text: String, hashtags: [String], identifier: String? = nil, exclude: [String] = []) {
    self.text = text
    self.hashtags = hashtags
    self.identifier = identifier
    self.exclude = exclude
  }

  /// Reads one line: an object `{"text", "hashtags"?, "id"?, "exclude"?}` where it starts with "{", else a raw tweet.
  /// Without "hashtags" those that stand in the text count. Other members are passed over.
  package init(line: [UInt8]) throws(CorpusError) {
    guard line.first == UInt8(ascii: "{") else {
      guard let text = String(validating: line, as: UTF8.self) else { throw CorpusError("the line is not UTF-8") }
      self.init(text: text, hashtags: TweetNormalForm.normalize(text).hashtags)
      hashtagsAreFromText = true
      return
    }
    do {
      let object = try JSONValue(parsing: line)
      let text = try object.string("text")
      let isUntold = object["hashtags"] == nil
      let hashtags = isUntold ? TweetNormalForm.normalize(text).hashtags : try object.strings("hashtags")
      self.init(
        text: text, hashtags: hashtags.map { String($0.drop { $0 == "#" }) },
        identifier: try object["id"].map { try Self.identifier($0) },
        exclude: try object["exclude"] == nil ? [] : object.array("exclude").map { try Self.identifier($0) })
      hashtagsAreFromText = isUntold
      if object["typed"] != nil {
        typed = try object.string("typed")
      } else if object["learn"] != nil, try object.bool("learn") {
        typed = isUntold ? text : ([text] + self.hashtags.map { "#" + $0 }).joined(separator: " ")
      }
      author = try object["author"].map { try Self.identifier($0) }
      if let value = object["time"] {
        time = value.moment
        if time == nil { throw CorpusError("time is no moment: give seconds since 1970, or as in 2018-08-16T09:30:00Z") }
      }
    } catch {
      throw CorpusError("\(error)")
    }
  }

  private static func identifier(_ value: JSONValue) throws -> String {
    switch value {
    case .string(let text): text
    case .integer(let number): String(number)
    default: throw CorpusError("an identifier is \(value.typeDescription), but must be a string or a whole number")
    }
  }
}

/// What is wrong with a row, or with a corpus.
package struct CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
