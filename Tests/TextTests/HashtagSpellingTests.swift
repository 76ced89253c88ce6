// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Text

/// Spelling with the generation vocabulary against the Python version; fixtures by Tools/fixtures/spelling.py.
@Suite struct HashtagSpellingTests {
  private struct Fixture: Decodable {
    struct Spelled: Decodable {
      let hashtags: [String]
      let ids: [Int32]
    }
    struct Read: Decodable {
      let ids: [Int32]
      let hashtags: [String]
      let positions: [[Int]]
    }
    struct Refused: Decodable {
      let rule: String
      let vocabulary: [String]
    }
    let spelled: [Spelled]
    let read: [Read]
    let refused: [Refused]
  }

  private let fixture: Fixture
  private let spelling: HashtagSpelling

  init() throws {
    fixture = try JSONDecoder().decode(Fixture.self, from: Data(Fixtures.bytes("spelling.json")))
    spelling = try HashtagSpelling(vocabulary: Fixtures.bytes("spelling_vocab.txt"))
  }

  @Test func hashtagsAreSpelledAsInPython() {
    for row in fixture.spelled {
      #expect(spelling.spell(row.hashtags) == row.ids, "\(row.hashtags)")
      #expect(spelling.read(row.ids).map(\.hashtag) == row.hashtags)
    }
  }

  @Test func sequencesReadAsInPython() {
    for row in fixture.read {
      let readings = spelling.read(row.ids)
      #expect(readings.map(\.hashtag) == row.hashtags && readings.map(\.positions) == row.positions, "\(row.ids)")
    }
  }

  @Test func vocabulariesThatCannotWorkAreRefused() {
    for row in fixture.refused {
      let bytes = Array(row.vocabulary.map { $0 + "\n" }.joined().utf8)
      #expect(throws: TextError.self, "\(row.rule)") { try HashtagSpelling(vocabulary: bytes) }
    }
  }

  @Test func numbersOutsideTheVocabularyAreSkipped() {
    let readings = spelling.read([-1, 7, .max, Int32(spelling.count), .min])
    #expect(readings == [.init(hashtag: "flood", positions: [1])])
    #expect(spelling.piece(7) == "flood" && spelling.piece(-1) == nil)
  }

  @Test func otherCharactersAreSkipped() {
    #expect(spelling.spell(["Flööd!", "", "🌊"]) == spelling.spell(["fld"]))
  }
}
