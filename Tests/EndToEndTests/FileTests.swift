// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Missing, damaged and foreign files, and the places of the default files.
@Suite struct FileTests {
  private let folder = TemporaryFolder()

  private func run(model: String = World.model, index: String = World.index, _ arguments: String...) throws -> Program.Result {
    try Program.run("assigner", arguments + ["--model", model, "--index", index], input: "Flood in Kerala\n")
  }

  @Test func missingFiles() throws {
    let model = try run(model: "/nowhere/m")
    #expect(model.status == 66 && model.messages.contains("/nowhere/m"))
    let index = try run(index: "/nowhere/i")
    #expect(index.status == 66 && index.messages.contains("/nowhere/i"))
    let list = try run("--deny", "/nowhere/list")
    #expect(list.status == 66 && list.messages.contains("/nowhere/list"))
    #expect(model.output == [] && index.output == [])
  }

  @Test(arguments: [false, true]) func cutFiles(isIndex: Bool) throws {
    let bytes = TemporaryFolder.read(isIndex ? World.index : World.model)
    for count in [0, 10, 100, bytes.count / 2, bytes.count - 1] {
      let cut = folder.write("cut", Array(bytes[..<count]))
      let result = isIndex ? try run(index: cut) : try run(model: cut)
      #expect(result.status == 78)
      #expect(result.messages.contains(cut))
      #expect(result.output == [])
    }
  }

  @Test(arguments: [false, true]) func flippedBits(isIndex: Bool) throws {
    let bytes = TemporaryFolder.read(isIndex ? World.index : World.model)
    // Damage in the header, the section table and the sections: verify finds all three, opening finds the first two.
    for (place, isOpened) in [(9, false), (200, false), (bytes.count / 2, true), (bytes.count - 70, true)] {
      var flipped = bytes
      flipped[place] ^= 0x10
      let path = folder.write("flipped", flipped)
      let verified = try Program.run("assigner", ["verify", path], input: "")
      #expect(verified.status == 78)
      #expect(verified.messages.contains("byte") || verified.messages.contains("checksum"))
      if !isOpened {
        let result = isIndex ? try run(index: path) : try run(model: path)
        #expect(result.status == 78)
        #expect(result.messages.contains(path))
      }
    }
    #expect(try Program.run("assigner", ["verify", isIndex ? World.index : World.model], input: "").status == 0)
  }

  @Test func wrongFiles() throws {
    let swapped = try run(model: World.index, index: World.model)
    #expect(swapped.status == 78)
    #expect(swapped.messages.contains("is an assigner index; a model is needed"))
    let text = folder.write("text", String(repeating: "this is no model\n", count: 50))
    #expect(try run(model: text).status == 78)
    #expect(try run(index: text).status == 78)
  }

  @Test func anIndexOfAnotherModel() throws {
    let other = folder.file("other.model")
    try TinyModel(seed: 2).write(to: other)
    let result = try run(model: other)
    #expect(result.status == 78)
    #expect(result.messages.contains("another model"))
  }

  @Test func aRankingThatThisProgramCannotRead() throws {
    let path = folder.file("ranked.model")
    try TinyModel(ranking: #"{"features":["phaseOfTheMoon"],"base":0,"trees":[]}"#).write(to: path)
    let result = try run(model: path)
    #expect(result.status == 78)
    #expect(result.messages.contains("phaseOfTheMoon") && result.messages.contains("ranking"))
  }

  private func put(_ folder: String) {
    self.folder.write(String(folder.dropFirst(self.folder.path.count + 1)) + "/assigner.model", TemporaryFolder.read(World.model))
    self.folder.write(String(folder.dropFirst(self.folder.path.count + 1)) + "/assigner.index", TemporaryFolder.read(World.index))
  }

  @Test(arguments: ["bin", "bin/Models", "Models", "share/assigner", "here/Models"]) func defaults(place: String) throws {
    for name in ["bin", "bin/Models", "Models", "share", "share/assigner", "here", "here/Models"] {
      _ = folder.makeFolder(name)
    }
    let program = try Program.install(in: "bin", of: folder)
    let here = folder.file("here")
    let without = try Program.run(program, [], input: "Flood\n", folder: here)
    #expect(without.status == 66)
    #expect(without.messages.contains("--model"))
    put(folder.file(place))
    let found = try Program.run(program, [], input: "Flood in Kerala\n", folder: here)
    #expect(found.status == 0)
    #expect(found.output == (try run().output))
    let elsewhere = try Program.run(program, [], input: "Flood in Kerala\n", folder: "/")
    #expect(elsewhere.status == (place == "here/Models" ? 66 : 0))
  }
}
