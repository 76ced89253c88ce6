// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Learning

/// What a stream teaches.
@Suite struct LearnedStreamTests {
  @Test func twoTweetsOfTwoAccountsMakeAHashtag() throws {
    let learner = try StreamLearner.of()
    learner.teach([Samples.lesson("Water in the streets of Aluva tonight", ["AluvaFlood"], author: 1)])
    #expect(learner.ask("Anything").offered.isEmpty)
    // It stands in the text: whoever asks for it by name finds it.
    #expect(learner.ask("Anything").hashtag("aluvaflood")?.features.count == 1)
    learner.teach([Samples.lesson("Boats wanted behind the market hall", ["AluvaFlood"], author: 1)])
    #expect(learner.ask("Anything").offered.isEmpty)
    learner.teach([Samples.lesson("School opens its doors for families", ["aluvaflood"], author: 2)])
    #expect(learner.ask("Anything").offered == ["aluvaflood"])
    let (display, features) = try #require(learner.ask("Anything").hashtag("aluvaflood"))
    #expect(display == "AluvaFlood" && features.count == 3 && features.authors == 2)
    #expect(features.share == 1 && features.recentShare == 1 && features.totalShare == 1 && features.age == 3)
  }

  @Test func tweetsWithoutAuthorsAreOfDifferentOnes() throws {
    let learner = try StreamLearner.of()
    learner.teach([Samples.lesson("Water in the streets tonight", ["A"]), Samples.lesson("Boats wanted behind the hall", ["A"])])
    #expect(learner.ask("Anything").offered == ["a"])
  }

  @Test func oneAccountTeachesSoMuch() throws {
    let learner = try StreamLearner.of()
    learner.teach((0..<50).map { Samples.lesson("Offer \($0) of the day, buy \($0 * 7) and \($0 * 11)", ["Shop"], author: 9) })
    #expect(learner.ask("Anything").hashtag("shop")?.features.count == 3)
    learner.teach(
      (0..<40).map { Samples.lesson("Report \($0) from street \($0 * 13), gate \($0 * 17)", ["Shop"], author: 100 + UInt64($0)) })
    learner.teach((50..<99).map { Samples.lesson("Offer \($0) of the day, buy \($0 * 7) and \($0 * 11)", ["Shop"], author: 9) })
    let count = try #require(learner.ask("Anything").hashtag("shop")).features.count
    // A quarter of all.
    #expect(count > 50 && count < 56)
  }

  @Test func nearDuplicatesCountOnce() throws {
    let learner = try StreamLearner.of()
    let words = "the old bridge near the market fell into the river this morning after long rain"
    learner.teach([
      Samples.lesson(words, ["Bridge"]), Samples.lesson(words, ["Bridge"]),
      Samples.lesson(words + " today", ["Bridge", "Other"]),
      Samples.lesson("rt " + words, ["Bridge"]),
    ])
    #expect(learner.ask("Anything").hashtag("bridge")?.features.count == 1)
    #expect(learner.ask("Anything").hashtag("other") == nil)
    learner.teach([Samples.lesson("an old bridge fell", ["Bridge"])])
    #expect(learner.ask("Anything").hashtag("bridge")?.features.count == 2)
  }

  @Test(arguments: 0...12) func nearDuplicatesAreThoseThatShareFourFifths(changed: Int) throws {
    let learner = try StreamLearner.of()
    // Rows in between have the same words one by one.
    learner.teach((0..<40).map { Samples.lesson("w\($0 % 20) filler\($0) more\($0)", ["F"]) })
    learner.teach([Samples.lesson((0..<20).map { "w\($0)" }.joined(separator: " "), ["A"])])
    let other = (0..<20).map { $0 < changed ? "x\($0)" : "w\($0)" }.joined(separator: " ")
    learner.teach([Samples.lesson(other, ["B"])])
    // 20 - c words of 20 + c are common.
    let isNear = 5 * (20 - changed) >= 4 * (20 + changed)
    #expect((learner.ask("Anything").hashtag("b") == nil) == isNear)
  }

  @Test func deniedHashtagsAreNotLearned() throws {
    let learner = try StreamLearner.of { $0.permits = { $0 != "spam" } }
    learner.teach((0..<3).map { Samples.lesson("Tweet \($0) about \($0 * 3) things", ["Spam", "Flood"]) })
    #expect(learner.ask("Anything").hashtag("spam") == nil)
    #expect(learner.ask("Anything").offered == ["flood"])
  }

  @Test func countsHalveInTweets() throws {
    let learner = try StreamLearner.of { $0.halfLife = .tweets(20) }
    learner.teach((0..<10).map { Samples.lesson("old \($0) and \($0 * 3) so \($0 * 7)", ["Old"]) })
    learner.teach((0..<20).map { Samples.lesson("new \($0) thing \($0 * 5) there \($0 * 9)", ["New"]) })
    let evidence = learner.ask("Anything")
    let (old, new) = (try #require(evidence.hashtag("old")).features, try #require(evidence.hashtag("new")).features)
    // A geometric sum: the first ten are worth half of what they were after ten.
    let rate = 0.5.squareRoot().squareRoot()  // of five tweets
    let perTweet = 0.9659363289248456
    let sum = { (n: Int) in (1 - (0..<n).reduce(1.0) { value, _ in value * perTweet }) / (1 - perTweet) }
    #expect(rate > 0 && abs(old.share - sum(10) / 2 / sum(30)) < 1e-12)
    #expect(abs(old.share + new.share - 1) < 1e-12)
    #expect(new.recentShare > 0.98 && old.recentShare < 0.02)
    #expect(evidence.offered == ["new", "old"])
    // Asking changes nothing.
    #expect(learner.ask("Anything").hashtag("old")?.features == old)
  }

  @Test func countsHalveInTime() throws {
    let learner = try StreamLearner.of { $0.halfLife = .seconds(3600) }
    learner.teach([Samples.lesson("one two three", ["A"], time: 0), Samples.lesson("four five six", ["B"], time: 3600)])
    let evidence = learner.ask("Anything")
    #expect(abs((evidence.hashtag("a")?.features.share ?? 0) - 1.0 / 3) < 1e-12)
    // Time alone changes no share; a line that comes late counts as now.
    #expect(abs((learner.ask("Anything", time: 9000).hashtag("a")?.features.share ?? 0) - 1.0 / 3) < 1e-12)
    learner.teach([Samples.lesson("seven eight nine", ["A"], time: 100)])
    #expect(abs((learner.ask("Anything").hashtag("a")?.features.share ?? 0) - 1.5 / 2.5) < 1e-12)
    let tag = try #require(learner.take([]).stream.hashtags().first)
    #expect(tag.firstTime == 0 && tag.lastTime == 100)
  }

  @Test func halfLivesAreRead() {
    #expect(HalfLife("200") == .tweets(200) && HalfLife("6h") == .seconds(21_600) && HalfLife("2d") == .seconds(172_800))
    #expect(HalfLife("90s") == .seconds(90) && HalfLife("30m") == .seconds(1800))
    for wrong in ["", "0", "-1", "6x", "h", "1.5h", "99999999999999999999", "1000000001", "999999999d"] {
      #expect(HalfLife(wrong) == nil)
    }
  }

  @Test func neighboursByEmbeddingAndByWords() throws {
    let learner = try StreamLearner.of()
    learner.teach((0..<6).map { Samples.lesson("Bridge \($0) of \($0 * 5) in Aluva", ["Near"], seed: 5) })
    learner.teach((0..<6).map { Samples.lesson("Nothing \($0) to see \($0 * 7) here", ["Far"], seed: 6) })
    let near = learner.ask("Bridge to see", seed: 5)
    #expect(near.nearest > 0.99 && near.size == 12)
    let (a, b) = (try #require(near.hashtag("near")).features, try #require(near.hashtag("far")).features)
    #expect(a.neighbourMax > 0.99 && a.neighbourShare > b.neighbourShare && a.neighbourSum > 5.9)
    #expect(abs(a.neighbourShare + b.neighbourShare - 1) < 1e-12)
    #expect(a.together == 6.0 / 8 && b.together == 6.0 / 8)
    let word = learner.ask("bridge")
    #expect(word.hashtag("near")?.features.wordShare == 1 && word.hashtag("far")?.features.wordShare == 0)
    #expect(word.hashtag("far")?.features.together == 0)
  }

  @Test func burstsOfWordsWithoutHashtags() throws {
    let learner = try StreamLearner.of()
    learner.teach((0..<300).map { Samples.lesson("calm day number \($0)") })
    learner.teach((0..<20).map { Samples.lesson("quake here at \($0)") })
    let evidence = learner.ask("calm quake never")
    #expect(evidence.burst("quake") > 0.5 && evidence.burst("calm") < 0 && evidence.burst("never") == 0)
    #expect(evidence.burst("day") == 0, "a word that the tweet does not have")
    #expect(evidence.size == 0 && evidence.offered.isEmpty)
  }

  @Test func theOldestTweetsAreForgottenWithTheirHashtags() throws {
    let learner = try StreamLearner.of { $0.rows = 10 }
    learner.teach((0..<3).map { Samples.lesson("first \($0) of \($0 * 3)", ["First"]) })
    #expect(learner.ask("Anything").offered == ["first"])
    learner.teach((0..<10).map { Samples.lesson("second \($0) of \($0 * 3)", ["Second"]) })
    #expect(learner.ask("Anything").hashtag("first") == nil)
    #expect(learner.ask("Anything").offered == ["second"])
    learner.teach((0..<5000).map { Samples.lesson("tweet \($0) with \($0 * 3 + 1)", ["T\($0 / 2)"]) })
    let (stream, _) = learner.take([])
    #expect(stream.liveRows == 10 && stream.hashtags().map(\.normal).sorted() == (2495..<2500).map { "t\($0)" })
    // A hashtag that comes back begins anew.
    learner.teach([Samples.lesson("first again", ["First"])])
    #expect(learner.ask("Anything").hashtag("first")?.features.count == 1)
    #expect(learner.ask("Anything").hashtag("first")?.features.age == 1)
  }

  @Test(arguments: [1, 2, 3, 5, 8, 13, 32, 500]) func groupsOfLinesChangeNothing(size: Int) throws {
    let lessons = Samples.stream(700)
    for rows in [100_000, 40] {
      let alone = Samples.answers(lessons, to: try StreamLearner.of { $0.rows = rows }, groupsOf: 1)
      #expect(Set(alone).count > 400)
      #expect(Samples.answers(lessons, to: try StreamLearner.of { $0.rows = rows }, groupsOf: size) == alone)
    }
  }

  @Test func groupsOfLinesChangeNothingWhereMuchIsForgotten() throws {
    let lessons = Samples.stream(6000)
    let alone = Samples.answers(lessons, to: try StreamLearner.of { $0.rows = 5 }, groupsOf: 1)
    #expect(Samples.answers(lessons, to: try StreamLearner.of { $0.rows = 5 }, groupsOf: 1000) == alone)
  }

  @Test func emptyAndWordlessLessons() throws {
    let learner = try StreamLearner.of()
    learner.teach([
      Samples.lesson(""), Samples.lesson("😀", ["Smile"]), Samples.lesson("😀", ["Smile"]), Samples.lesson("🔥", ["Smile"]),
    ])
    #expect(learner.ask("").hashtag("smile")?.features.count == 2)
    learner.teach([Samples.lesson("no hashtag that counts", ["", "—"])])
    #expect(learner.ask("").size == 2)
  }
}
