// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

/// The default model on a disaster that was made up, and on small talk: the short version of `Tools/new-disasters`.
@Suite struct NewDisasterTests {
  private static let files = [
    "--model", ProjectFolder.file("Models/assigner.model"), "--index", ProjectFolder.file("Models/assigner.index"),
  ]

  private func figures(_ options: String...) throws -> JSONValue {
    let stream = ProjectFolder.file("Tools/samples/disaster.jsonl")
    let result = try Program.run("assigner", ["eval", "--json", "--input", stream] + Self.files + options)
    #expect(result.status == 0, "\(result.messages)")
    return try JSONValue(parsing: result.output)
  }

  /// Every third tweet of the sample teaches its hashtags.
  @Test func theStreamTeachesTheHashtagsOfANewDisaster() throws {
    let (alone, learning) = (try figures(), try figures("--learn"))
    #expect(try learning.number("F1@1") > alone.number("F1@1") + 15)
    #expect(try learning.number("F1@5") > alone.number("F1@5") + 15)
  }

  /// Two hundred lines of small talk, sports, jokes and advertising: at most 15 in a hundred get a hashtag.
  @Test func smallTalkGetsNoHashtag() throws {
    let lines = TemporaryFolder.read(ProjectFolder.file("Tools/samples/small-talk.txt"))
    let result = try Program.run("assigner", Self.files, input: lines)
    #expect(result.lines.count == 200)
    #expect(result.lines.count { !$0.isEmpty } <= 30)
  }
}
