// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

/// Hashtags that nobody should be offered stay out of an index, whichever command makes it, and the command counts them.
@Suite struct CleanCorpusTests {
  private let folder = TemporaryFolder()

  private static let dirty = [
    #"{"text": "Water in the streets of Rivertown", "hashtags": ["2019", "Rivertown", "RivertownÂ"], "id": 1}"#,
    #"{"text": "Boats at the mill please", "hashtags": ["Rivertownhttp", "FergusÃ³n"], "id": 2}"#,
    #"{"text": "The school is open for everybody", "hashtags": ["HarbourHelp"], "id": 3}"#,
  ]

  private func tags(_ index: String) throws -> [String] {
    let result = try Program.run("assigner", ["index", "stats", "--json", "--top", "100", "--index", index], input: "")
    let statistics = try JSONValue(parsing: result.output)
    return try statistics.array("top").map { try $0.string("hashtag") }.sorted()
  }

  @Test func buildLeavesThemOut() throws {
    let (corpus, index) = (folder.write("rows", Self.dirty.joined(separator: "\n")), folder.file("index"))
    let built = try Program.run(
      "assigner", ["index", "build", "--corpus", corpus, "--output", index, "--model", World.model], input: "")
    #expect(built.status == 0 && built.messages.contains("2 tweets added"))
    #expect(built.messages.contains("1 without a hashtag left out"))
    #expect(built.messages.contains("4 hashtags left out (1 without a letter, 2 mojibake, 1 run together)"), "\(built.messages)")
    #expect(try tags(index) == ["HarbourHelp", "Rivertown"])
  }

  @Test func addLeavesThemOut() throws {
    let index = folder.write("index", TemporaryFolder.read(World.index))
    let before = try tags(index)
    let added = try Program.run(
      "assigner", ["index", "add", "--index", index, "--model", World.model], input: Self.dirty.joined(separator: "\n"))
    #expect(added.status == 0 && added.messages.contains("2 tweets added") && added.messages.contains("4 hashtags left out ("))
    #expect(try tags(index) == (before + ["HarbourHelp", "Rivertown"]).sorted())
  }

  @Test func mergeLeavesThemOut() throws {
    let (index, journal) = (folder.write("index", TemporaryFolder.read(World.index)), folder.file("journal"))
    let before = try tags(index)
    let lines = ["Boats at the mill please #Floodhttp\n", "The school is open #HarbourHelp #RivertownÂ\n"].joined()
    #expect(try Program.run("assigner", ["--journal", journal] + World.arguments(), input: lines).status == 0)
    let merged = try Program.run(
      "assigner", ["index", "merge", journal, "--index", index, "--model", World.model], input: "")
    #expect(merged.status == 0 && merged.messages.contains("1 tweets added"), "\(merged.messages)")
    #expect(merged.messages.contains("2 hashtags left out (1 mojibake, 1 run together)"), "\(merged.messages)")
    #expect(try tags(index) == (before + ["HarbourHelp"]).sorted())
  }

  @Test func soundRowsAreNotMentioned() throws {
    let index = folder.write("index", TemporaryFolder.read(World.index))
    let added = try Program.run(
      "assigner", ["index", "add", "--index", index, "--model", World.model], input: "The school is open #HarbourHelp\n")
    #expect(added.status == 0 && added.messages.contains("1 tweets added") && !added.messages.contains("left out"))
  }
}
