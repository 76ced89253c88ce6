// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// What a person says of the disaster at hand, for every line: free text, or a card of its places, its hazard, its names and its year.
package struct EventCard: Sendable, Equatable {
  package var places: [String] = []
  package var hazards: [String] = []
  /// Names of the event itself, such as a storm's.
  package var names: [String] = []
  package var year: Int?
  /// Spellings without "#".
  package var hashtags: [String] = []
  /// Words whose meaning the program finds out itself.
  package var text: String?

  package static let maximumBytes = 1 << 14
  private static let maximumEntries = 32
  private static let longestEntry = 100
  private static let members = ["places", "hazard", "names", "year", "hashtags"]

  package init() {}

  /// Reads free text, or a JSON object if it begins with "{".
  ///
  ///     {"places": ["Kerala"], "hazard": "floods", "names": [], "year": 2018, "hashtags": ["KeralaFloods"]}
  ///
  /// - Throws: ``EventCardError``.
  package init(_ bytes: [UInt8]) throws(EventCardError) {
    guard bytes.count <= Self.maximumBytes else {
      throw EventCardError("has \(bytes.count) bytes, above \(Self.maximumBytes)")
    }
    guard let whole = String(validating: bytes, as: UTF8.self), !whole.utf8.contains(0) else {
      throw EventCardError("is not UTF-8")
    }
    let start = whole.unicodeScalars.first { !$0.properties.isWhitespace && $0 != "\u{FEFF}" }
    guard start == "{" else {
      guard start != nil else { throw EventCardError("is empty; say something like \"Kerala floods 2018\"") }
      text = whole
      return
    }
    do {
      try read(JSONValue(parsing: bytes))
    } catch let error as EventCardError {
      throw error
    } catch {
      throw EventCardError("\(error)")
    }
    if places.isEmpty, hazards.isEmpty, names.isEmpty, hashtags.isEmpty {
      throw EventCardError("names nothing; give places, hazard, names or hashtags")
    }
  }

  private mutating func read(_ card: JSONValue) throws {
    for member in try card.object().keys.sorted() where !Self.members.contains(member) {
      throw EventCardError("\(member): is no member of a card; these are \(Self.members.joined(separator: ", "))")
    }
    places = try Self.entries(card, "places")
    hazards = try Self.entries(card, "hazard")
    names = try Self.entries(card, "names")
    for (place, entry) in try Self.entries(card, "hashtags").enumerated() {
      guard let hashtag = HashtagText.cut(entry), !HashtagNormalForm.normalize(hashtag).isEmpty else {
        throw EventCardError("hashtags.\(place): is no hashtag")
      }
      hashtags.append(hashtag)
    }
    if let value = card["year"], value != .null { year = try card.integer("year", in: 1000...9999) }
  }

  /// One string, or an array of them.
  private static func entries(_ card: JSONValue, _ member: String) throws -> [String] {
    let entries: [String]
    switch card[member] {
    case nil, .null: return []
    case .string(let entry): entries = [entry]
    default: entries = try card.strings(member)
    }
    guard entries.count <= maximumEntries else {
      throw EventCardError("\(member): has \(entries.count) entries, above \(maximumEntries)")
    }
    for (place, entry) in entries.enumerated() {
      guard entry.utf8.count <= longestEntry else {
        throw EventCardError("\(member).\(place): has \(entry.utf8.count) bytes, above \(longestEntry)")
      }
      guard !HashtagNormalForm.normalize(entry).isEmpty else {
        throw EventCardError("\(member).\(place): has no letter")
      }
    }
    return entries
  }
}

/// An event card is invalid: the place in it and the rule that it breaks.
package struct EventCardError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
