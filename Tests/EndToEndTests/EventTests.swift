// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The event card of `--event`, and the affixes of an index.
@Suite struct EventTests {
  private let folder = TemporaryFolder()

  private func answer(_ event: String, _ arguments: String...) throws -> Program.Result {
    try Program.run(
      "assigner", ["--event", event, "-k", "100", "--threshold", "0", "--no-generator"] + arguments + World.arguments(),
      input: "the bridge is gone\n")
  }

  @Test func textAndFilesMakeCandidates() throws {
    let text = try answer("Aluva landslide 2031", "--format", "json")
    #expect(text.status == 0 && text.messages == "")
    #expect(text.text.contains(#"{"tag":"AluvaLandslide2031","score":"#) && text.text.contains(#""from":["event"]"#))
    let card = folder.write("card.json", #"{"places": ["Aluva"], "hazard": "landslide", "year": 2031}"#)
    #expect(try answer(card, "--format", "json").output == text.output)
    #expect(try answer(folder.write("card", "Aluva landslide 2031"), "--format", "json").output == text.output)
    #expect(try answer(#"{"hashtags": ["BrandNewTag"]}"#).text.contains("#BrandNewTag"))
    #expect(try answer("Aluva landslide 2031", "--format", "json", "--explain").text.contains(#""event":1"#))
  }

  @Test func badCardsAreRefused() throws {
    let path = folder.write("card.json", #"{"places": ["Aluva", 3]}"#)
    let bad = try answer(path)
    #expect(bad.status == 64 && bad.output == [])
    #expect(bad.messages == "assigner: error: --event \(path): places.1: is an integer, not a string\n")
    #expect(try answer("{").status == 64 && answer("").status == 64)
    #expect(try answer(folder.file("absent.json")).status == 66)
  }

  @Test func anIndexLearnsAffixesFromItsCorpus() throws {
    let places = ["Kerala", "Aluva", "Houston", "Nepal", "Oslo", "Quito", "Assam"]
    let rows = places.flatMap { place in
      (0..<3).map { "Boats \($0) are needed in \(place) for the flood #\(place)Floods" }
    }
    let corpus = folder.write("corpus.txt", rows.joined(separator: "\n") + "\n")
    let index = folder.file("own.index")
    let built = try Program.run(
      "assigner", World.arguments("index", "build", "--corpus", corpus, "--output", index, files: ["--model"]))
    #expect(built.status == 0)
    func ask() throws -> Program.Result {
      try Program.run(
        "assigner",
        World.arguments("--index", index, "-k", "100", "--threshold", "0", "--format", "json", files: ["--model"]),
        input: "The flood came to Rivertown at night\n")
    }
    #expect(try ask().text.contains(#"{"tag":"RivertownFloods","score":"#) && ask().text.contains(#""from":["composed"]"#))
    // A changed index keeps them.
    let added = try Program.run(
      "assigner", World.arguments("index", "add", "--index", index, files: ["--model"]), input: "Help in Quito #QuitoHelp\n")
    #expect(added.status == 0)
    #expect(try ask().text.contains("RivertownFloods"))
  }
}
