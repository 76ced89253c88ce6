// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import Text

/// A row of a corpus or of gold data: a tweet and the hashtags that its author gave it.
package struct CorpusRow: Equatable, Sendable {
  /// The original text.
  package var text: String
  /// Spellings without "#", cut by ``HashtagText``. Those of several words are joined.
  package var hashtags: [String]
  /// The same hashtags with the spaces between their words, where they were given so, as Microblog Hashtag Generation's data has them.
  package var phrases: [String]
  /// Replies to the tweet, oldest first.
  package var conversation: [String] = []
  /// The number of given hashtags that were cut or dropped.
  package var changedHashtags = 0
  /// Whether the hashtags come from the text. A query made of this row must then hide them.
  package var hashtagsAreFromText = false
  /// The caller's id of the row.
  package var identifier: String?
  /// Identifiers of index rows to ignore when this row is a query: the row itself and its near-duplicates.
  package var exclude: [String]
  /// In gold rows of a stream: the tweet with its hashtags, which the stream learns after the answer; nil if it learns nothing.
  package var typed: String?
  /// The account that wrote the tweet, and its time in seconds since 1970.
  package var author: String?
  package var time: Int?

  package init(text: String, hashtags: [String], identifier: String? = nil, exclude: [String] = []) {
    self.text = text
    self.hashtags = hashtags
    phrases = hashtags
    self.identifier = identifier
    self.exclude = exclude
  }

  /// Reads one line: an object `{"text", "hashtags"?, "conversation"?, "id"?, "exclude"?}`, or a raw tweet; see ``InputLine``.
  /// Without "hashtags", the hashtags in the text count. Other members are ignored, and null counts as absent.
  package init(line: [UInt8]) throws(CorpusError) {
    do {
      switch try InputLine(line) {
      case .text(let text):
        self.init(text: text, hashtags: TweetNormalForm.normalize(text).hashtags)
        hashtagsAreFromText = true
      case .object(let object, let source): try self.init(object, source)
      }
    } catch let error as InputLineError {
      throw CorpusError(error.message)
    } catch {
      throw CorpusError("\(error)")
    }
  }

  private init(_ object: JSONValue, _ source: JSONSource) throws {
    func member(_ key: String) -> JSONValue? {
      // Not `? nil : …`, because that nil would become JSON's null.
      if let value = object[key], value != .null { value } else { Optional.none }
    }
    guard let text = member("text") else { throw CorpusError("text is missing") }
    guard case .string(let text) = text else { throw CorpusError("text is \(text.typeDescription), but must be a string") }
    let told = try member("hashtags").map { try Self.strings($0, of: "hashtags") }
    let phrases = told?.compactMap(HashtagText.cutPhrase) ?? TweetNormalForm.normalize(text).hashtags
    self.init(text: text, hashtags: phrases.map { $0.replacing(" ", with: "") })
    self.phrases = phrases
    hashtagsAreFromText = told == nil
    changedHashtags = told?.count { HashtagText.cutPhrase($0) != Self.withoutSigns($0) } ?? 0
    switch member("conversation") {
    case nil: break
    case .string(let reply): conversation = [reply]
    case let value?: conversation = try Self.strings(value, of: "conversation")
    }
    if let value = member("id"), let bytes = source.member("id") { identifier = try Self.identifier(value, bytes) }
    if let value = member("author"), let bytes = source.member("author") { author = try Self.identifier(value, bytes) }
    try readTeaching(member)
    switch member("exclude") {
    case nil: break
    case .array(let values):
      let spellings = source.member("exclude").map { JSONSource($0).elements() } ?? []
      for (value, bytes) in zip(values, spellings) where value != .null { exclude.append(try Self.identifier(value, bytes)) }
    case let value?: throw CorpusError("exclude is \(value.typeDescription), but must be an array")
    }
  }

  /// Reads what a gold row teaches the stream, and its time.
  private mutating func readTeaching(_ member: (String) -> JSONValue?) throws(CorpusError) {
    switch (member("typed"), member("learn")) {
    case (.string(let tweet), _): typed = tweet
    case (let value?, _): throw CorpusError("typed is \(value.typeDescription), but must be a string")
    case (nil, .bool(true)):
      typed = hashtagsAreFromText ? text : ([text] + hashtags.map { "#" + $0 }).joined(separator: " ")
    case (nil, .bool(false)), (nil, nil): break
    case (nil, let value?): throw CorpusError("learn is \(value.typeDescription), but must be true or false")
    }
    if let value = member("time") {
      time = value.moment
      if time == nil { throw CorpusError("time must be seconds since 1970, or as in 2018-08-16T09:30:00Z") }
    }
  }

  private static func strings(_ value: JSONValue, of member: String) throws(CorpusError) -> [String] {
    guard case .array(let elements) = value else {
      throw CorpusError("\(member) is \(value.typeDescription), but must be an array of strings")
    }
    var strings: [String] = []
    for element in elements where element != .null {
      guard case .string(let text) = element else { throw CorpusError("\(member) must be an array of strings") }
      strings.append(text)
    }
    return strings
  }

  private static func withoutSigns(_ text: String) -> String {
    String(text.unicodeScalars.drop { HashtagText.isSign($0.value) || $0 == " " })
  }

  /// The identifier of a number is its spelling in the file.
  private static func identifier(_ value: JSONValue, _ spelling: ArraySlice<UInt8>) throws(CorpusError) -> String {
    switch value {
    case .string(let text) where text.utf8.count > IndexLayout.maximumNameLength:
      throw CorpusError("an identifier has \(text.utf8.count) bytes; the limit is \(IndexLayout.maximumNameLength)")
    case .string(let text): text
    case .integer, .number: String(decoding: spelling, as: UTF8.self)
    default: throw CorpusError("an identifier is \(value.typeDescription), but must be a string or a number")
    }
  }
}

/// An invalid row or corpus.
package struct CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
