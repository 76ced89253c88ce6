// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import TestSupport
import Testing

@testable import Recommender

/// Rows that are added one by one give the same index as rows that are added together.
@Suite struct IntakeTests {
  private let folder = TemporaryFolder()

  /// 600 tweets, more than two portions. The last one repeats the first with its hashtag, which is a word of every third
  /// tweet before.
  private let rows = (0..<600).map { number in
    CorpusRow(
      text: number % 3 == 0 ? "rescue by boat \(number)" : "water everywhere \(number)",
      hashtags: number == 599 ? ["boat"] : ["flood"])
  }

  @Test func hashtagsThatComeLaterCountInEarlierTweets() throws {
    try TinyModel().write(to: folder.file("model"))
    let maker = try IndexMaker(
      encoders: TweetEncoders(model: ContainerFile(path: folder.file("model"), kind: .model)), threads: 2)
    var together = try maker.newBuilder(keepsText: true)
    let report = try maker.add(rows, to: &together)
    try together.write(to: folder.file("together"))

    var single = try maker.newBuilder(keepsText: true)
    var intake = IndexMaker.Intake()
    var seen: [Int] = []
    for row in rows {
      try maker.add(row, to: &single, intake: &intake) { stage, done, total in
        #expect(stage == .tweets && total == nil)
        seen.append(done)
      }
    }
    #expect(try maker.finish(&intake, to: &single) == report && seen == [256, 512])
    try single.write(to: folder.file("single"))
    #expect(TemporaryFolder.read(folder.file("single")) == TemporaryFolder.read(folder.file("together")))

    let index = try CorpusIndex(path: folder.file("single"))
    let boat = try #require(index.lookup("boat"))
    #expect(index.rowCount == 600 && index.frequency(boat) == 1 && index.mentions(boat) == 200)
  }
}
