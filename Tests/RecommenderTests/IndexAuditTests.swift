// SPDX-License-Identifier: Apache-2.0

import Retrieval
import TestSupport
import Testing
import Text

@testable import Recommender

/// Two made-up events, Rivertown's flood of 2013 and Hilltown's fire of 2020, and a campaign that repeats itself.
@Suite struct IndexAuditTests {
  private struct Row {
    var tags: [String]
    var direction: [Float]
    var id: String?
  }

  /// An id of Twitter of some moment.
  private static func id(_ seconds: Int, _ number: Int) -> String {
    String((seconds * 1000 - 1_288_834_974_657) << 22 + number)
  }

  /// Sixteen components that differ from tweet to tweet.
  private static func own(_ number: Int) -> [Float] {
    (0..<16).map { Float(($0 * 7 + number * 5) % 11) - 5 + ($0 == number % 16 ? 8 : 0) }
  }

  private static let flood = 1_380_000_000
  private static let fire = 1_600_000_000

  private static let rows: [Row] =
    (0..<12).map {
      Row(
        tags: ["RivertownFlood", "Rivertown"] + ($0 < 2 ? ["RivertownFlood2013"] : []), direction: own($0), id: id(flood + $0, $0)
      )
    }
    + (0..<8).map { Row(tags: ["HilltownFire", "Hilltown"], direction: own(20 + $0), id: id(fire + $0, $0)) }
    + (0..<5).map { Row(tags: ["TeamFollowBack", "Rivertown"], direction: [1, 2, 3, 4], id: id(flood + 90 + $0, $0)) }
    + [
      Row(tags: ["HilltownFire", "ShitHappens"], direction: own(40), id: id(fire + 50, 1)),
      Row(tags: ["Πυρκαγιά", "HilltownFire"], direction: own(41), id: id(fire + 51, 1)),
    ]

  private static func index(withIDs: Bool = true) throws -> CorpusIndex {
    var builder = try CorpusIndexBuilder(IndexOptions(dimension: 16, modelFingerprint: "test"))
    for row in rows {
      let forms = row.tags.map { HashtagForm(display: $0, normal: $0.lowercased()) }
      try builder.add(
        IndexRow(identifier: withIDs ? row.id : nil, vector: SmallIndex.unit(row.direction), hashtags: forms, text: nil))
    }
    for hashtag in builder.hashtagsWithoutEmbedding { try builder.setEmbedding(SmallIndex.unit([1]), of: hashtag) }
    let folder = TemporaryFolder()
    try builder.write(to: folder.file("audit.index"))
    return try CorpusIndex(path: folder.file("audit.index"))
  }

  @Test func eventsAreGroupedAndTheOldOneIsOver() throws {
    let audit = try IndexAudit(Self.index())
    #expect(audit.tweets == 27 && audit.timedTweets == 27 && audit.hashtags == 8)
    #expect(audit.since == Self.fire + 51 - 365 * 86_400)
    #expect(audit.events.map(\.tweets) == [17, 10])
    let (flood, fire) = (audit.events[0], audit.events[1])
    #expect(flood.names == ["Rivertown", "RivertownFlood", "TeamFollowBack"] && flood.newest == Self.flood + 94)
    #expect(fire.names == ["HilltownFire", "Hilltown"] && fire.newest == Self.fire + 51)
    #expect(flood.isOver == true && fire.isOver == false)
    #expect(
      flood.outdated.map(\.hashtag) == ["Rivertown", "RivertownFlood", "TeamFollowBack", "RivertownFlood2013"]
        && fire.outdated.isEmpty)
  }

  @Test func repeatedPromotionalAndOffensiveHashtagsAreFound() throws {
    let audit = try IndexAudit(Self.index())
    let (flood, fire) = (audit.events[0], audit.events[1])
    #expect(flood.repeated == [.init(hashtag: "TeamFollowBack", tweets: 5, reason: "1 distinct of 5")] && fire.repeated.isEmpty)
    #expect(flood.promotional.map(\.reason) == [#"has "followback""#] && fire.promotional.isEmpty)
    #expect(fire.offensive == [.init(hashtag: "ShitHappens", tweets: 1, reason: #"has "shit""#)] && flood.offensive.isEmpty)
    #expect(fire.once == ["ShitHappens", "Πυρκαγιά"] && flood.once.isEmpty)
    #expect(fire.scripts.map(\.script) == [.latin, .greek] && fire.scripts.map(\.hashtags) == [3, 1])
  }

  @Test func ownWordsTakeThePlaceOfTheList() throws {
    var options = IndexAudit.Options()
    options.offensive = ["rivertownf"]
    let audit = try IndexAudit(Self.index(), options)
    #expect(audit.events[0].offensive.map(\.hashtag) == ["RivertownFlood", "RivertownFlood2013"])
    #expect(audit.events[1].offensive.isEmpty)
  }

  @Test func withoutTimesOnlyYearsInHashtagsTell() throws {
    let index = try Self.index(withIDs: false)
    let unknown = try IndexAudit(index)
    #expect(unknown.timedTweets == 0 && unknown.since == nil)
    #expect(unknown.events.allSatisfy { $0.newest == nil && $0.isOver == nil && $0.outdated.isEmpty })
    var options = IndexAudit.Options()
    options.since = 1_577_836_800
    let since = try IndexAudit(index, options)
    #expect(since.events[0].outdated == [.init(hashtag: "RivertownFlood2013", tweets: 2, reason: "it names 2013")])
    #expect(since.events[1].outdated.isEmpty)
  }

  @Test(arguments: [
    ("1230000000000000000", 1_582_000_000...1_583_500_000), ("1000000000000000", 1_289_000_000...1_289_200_000),
  ])
  func idsOfTwitterTellTheTime(_ id: String, _ range: ClosedRange<Int>) throws {
    #expect(range.contains(try #require(TweetTime.seconds(ofID: id))))
  }

  @Test(arguments: ["17", "999999999999999", "12300000000000000a0", "-123000000000000000", "99999999999999999999", ""])
  func otherIDsTellNothing(_ id: String) { #expect(TweetTime.seconds(ofID: id) == nil) }

  @Test func wordsOffendOnlyWhereTheyAreMeant() {
    #expect(AuditWords.offence(in: "ohshit", words: AuditWords.offensive) == "shit")
    #expect(AuditWords.offence(in: "shashitharoor", words: AuditWords.offensive) == nil)
    #expect(AuditWords.offence(in: "shashithfuck", words: AuditWords.offensive) == "fuck")
    #expect(AuditWords.promotion(in: "sale") == "sale" && AuditWords.promotion(in: "winstonsalem") == nil)
  }

  @Test func yearsInHashtagsAreWholeNumbers() {
    #expect(TweetTime.year(in: "boulderflood2013") == 2013 && TweetTime.year(in: "x2013_2017y") == 2017)
    #expect(TweetTime.year(in: "h20131") == nil && TweetTime.year(in: "flood1850") == nil && TweetTime.year(in: "flood") == nil)
  }
}
