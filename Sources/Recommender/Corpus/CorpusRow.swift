// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
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
    } catch {
      throw CorpusError("\(error)")
    }
  }

  private static func identifier(_ value: JSONValue) throws -> String {
    switch value {
    case .string(let text) where text.utf8.count > IndexLayout.maximumNameLength:
      throw CorpusError("an identifier has \(text.utf8.count) bytes; it may have \(IndexLayout.maximumNameLength)")
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
