// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

/// Indexes of an older program, whose hashtags have version 1 of the normal form.
@Suite struct UpgradeTests {
  private let folder = TemporaryFolder()

  /// A copy of the index of all tests as version 1 would have it.
  private func oldIndex() throws -> String {
    let path = folder.file("old.index")
    let file = try ContainerFile(path: World.index, kind: .index)
    var metadata = try file.metadata.object()
    metadata["normal_form"] = nil
    var writer = ContainerWriter(kind: .index)
    writer.setMetadata(.object(metadata))
    for section in file.sections where section.name != "metadata" { try writer.add(copying: section.name, from: file) }
    try writer.write(to: path)
    return path
  }

  private func run(_ arguments: String..., input: String = "") throws -> Program.Result {
    try Program.run("assigner", arguments + ["--model", World.model], input: input)
  }

  @Test func anOldIndexIsRefusedUntilItIsUpgraded() throws {
    let old = try oldIndex()
    let bytes = TemporaryFolder.read(old)
    let gold = folder.write("gold.jsonl", #"{"text": "Flood in Oslo", "hashtags": ["flood"]}"# + "\n")
    let journal = folder.file("journal")
    #expect(try run("--journal", journal, "--index", World.index, input: "Flood in Oslo #OsloFlood\n").status == 0)
    for command in [
      ["--index", old], ["eval", "--input", gold, "--index", old], ["index", "add", "--index", old],
      ["index", "merge", journal, "--index", old], ["index", "merge", journal, "--index", old, "--output", folder.file("new")],
    ] {
      let result = try Program.run("assigner", command + ["--model", World.model], input: "Flood in Oslo #OsloFlood\n")
      #expect(result.status == 78 && result.text == "", "\(command)")
      #expect(result.messages.contains("index upgrade --index \(old) --output NEW"), "\(result.messages)")
    }
    let removal = try Program.run("assigner", ["index", "remove", "--hashtag", "Oslo", "--index", old], input: "")
    #expect(removal.status == 78 && TemporaryFolder.read(old) == bytes)
    // They are still described.
    let stats = try Program.run("assigner", ["index", "stats", "--index", old], input: "")
    #expect(stats.status == 0 && stats.text.contains("normal form     version 1"))
    #expect(try Program.run("assigner", ["inspect", old], input: "").status == 0)

    let new = folder.file("new.index")
    let upgrade = try run("index", "upgrade", "--index", old, "--output", new)
    #expect(upgrade.status == 0 && upgrade.messages.contains("10 hashtags became 10, 0 embedded, 0 tweets removed"))
    #expect(TemporaryFolder.read(old) == bytes && TemporaryFolder.read(new) == TemporaryFolder.read(World.index))
    let answer = try run("--index", new, input: "Flood in Oslo\n")
    let expected = try run("--index", World.index, input: "Flood in Oslo\n")
    #expect(answer.status == 0 && answer.output == expected.output)
  }

  @Test func anIndexIsUpgradedInPlace() throws {
    let old = try oldIndex()
    #expect(try run("index", "upgrade", "--index", old).status == 0)
    #expect(TemporaryFolder.read(old) == TemporaryFolder.read(World.index))
    let again = try run("index", "upgrade", "--index", old)
    #expect(again.status == 0 && again.messages.contains("has version 2 already"))
  }

  @Test func hashtagsOfEveryScriptAreKeptApart() throws {
    let corpus = folder.write(
      "corpus.jsonl",
      """
      {"text": "Water in the old town", "hashtags": ["Flut", "Überflutung"], "id": 1}
      {"text": "Water near the new bridge", "hashtags": ["熊本地震"], "id": 2}
      {"text": "Water at the north school", "hashtags": ["فيضان_النهر", "911"], "id": 3}
      {"text": "Water at the south school", "hashtags": ["911"], "id": 4}
      {"text": "Water at the west school", "hashtags": ["überflutung", "Überflutung"], "id": 5}
      """)
    let index = folder.file("own.index")
    #expect(try run("index", "build", "--corpus", corpus, "--output", index).status == 0)
    let stats = try Program.run("assigner", ["index", "stats", "--index", index], input: "")
    let tags = Set(stats.text.split(separator: "\n").filter { $0.hasPrefix("#") }.map(String.init))
    #expect(tags == ["#Überflutung\t2", "#Flut\t1", "#熊本地震\t1", "#فيضان_النهر\t1"])
    let deny = folder.write("deny", "ÜBERFLUTUNG 熊本地震\n")
    let answer = try run("--index", index, "--threshold", "0", "-k", "20", "--deny", deny, input: "Water in the old town\n")
    #expect(answer.text.contains("#Flut") && answer.text.contains("#فيضان_النهر"))
    #expect(!answer.text.contains("flutung") && !answer.text.contains("熊本地震"))
    let removal = try Program.run("assigner", ["index", "remove", "--hashtag", "熊本地震", "--index", index], input: "")
    #expect(removal.messages.contains("1 tweets removed"))
  }
}
