// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Changes of the default index go to the user's own copy, because the default index belongs to the installation.
@Suite struct OwnIndexTests {
  private let folder = TemporaryFolder()
  private let program: String
  private let installed: String

  init() throws {
    for name in ["bin", "bin/Models", "home", "data"] { _ = folder.makeFolder(name) }
    program = try Program.install(in: "bin", of: folder)
    folder.write("bin/Models/assigner.model", TemporaryFolder.read(World.model))
    installed = folder.write("bin/Models/assigner.index", TemporaryFolder.read(World.index))
  }

  private var own: String { folder.file("data/assigner/assigner.index") }

  private func run(_ arguments: String..., input: String = "", environment: [String: String]? = nil) throws -> Program.Result {
    try Program.run(
      program, arguments, input: Array(input.utf8), folder: "/",
      environment: environment ?? ["XDG_DATA_HOME": folder.file("data"), "HOME": folder.file("home")])
  }

  private func rows() throws -> Int { try JSONValue(parsing: run("index", "stats", "--json").output).integer("tweets") }

  private let row = "Sandbags wanted at the harbour #HarbourHelp\n"

  @Test func theFirstChangeMakesACopy() throws {
    let before = TemporaryFolder.read(installed)
    let count = try rows()
    let first = try run("index", "add", input: row)
    #expect(first.status == 0)
    #expect(first.messages.contains("\(own): this is now your own copy of \(installed)"), "\(first.messages)")
    #expect(try rows() == count + 1)
    let second = try run("index", "add", input: row)
    #expect(second.status == 0 && second.messages.contains(own) && !second.messages.contains("your own copy"))
    #expect(try rows() == count + 2)

    // assigner uses the copy, without a message.
    let found = try run("-k", "100", input: "Sandbags wanted at the harbour\n")
    #expect(found.status == 0 && found.text.contains("#HarbourHelp") && found.messages == "")
    #expect(try run("index", "remove", "--hashtag", "HarbourHelp").messages.contains("\(own): 2 tweets removed"))
    #expect(try rows() == count)
    #expect(try !run("-k", "100", input: "Sandbags wanted at the harbour\n").text.contains("#HarbourHelp"))

    let isUnchanged = TemporaryFolder.read(installed) == before
    #expect(isUnchanged)
    unlink(own)
    #expect(try run("-k", "3", input: "Flood in Oslo\n").output == answers("Flood in Oslo\n"))
  }

  private func answers(_ text: String) throws -> [UInt8] {
    try Program.run("assigner", ["-k", "3"] + World.arguments(), input: text).output
  }

  @Test func aNamedIndexIsChangedItself() throws {
    let result = try run("index", "add", "--index", installed, input: row)
    #expect(result.status == 0)
    #expect(TemporaryFolder.read(installed) != TemporaryFolder.read(World.index))
    #expect(folder.names == ["bin", "data", "home"])
    rmdir(folder.file("data"))
    #expect(folder.names == ["bin", "home"])
  }

  @Test func withoutXDGItLiesAtHome() throws {
    for environment in [
      ["XDG_DATA_HOME": "", "HOME": folder.file("home")], ["XDG_DATA_HOME": "data", "HOME": folder.file("home")],
    ] {
      #expect(try run("index", "add", input: row, environment: environment).status == 0)
    }
    let path = folder.file("home/.local/share/assigner/assigner.index")
    #expect(try JSONValue(parsing: run("index", "stats", "--json", "--index", path).output).integer("tweets") == rows() + 2)
    var status = stat()
    #expect(stat(folder.file("home/.local"), &status) == 0 && status.st_mode & 0o777 == 0o700)
    for name in ["/assigner/assigner.index", "/assigner", ""] { remove(folder.file("home/.local/share" + name)) }
  }

  @Test func withoutAPlaceNothingIsChanged() throws {
    let before = TemporaryFolder.read(installed)
    for environment in [["XDG_DATA_HOME": "", "HOME": ""], ["XDG_DATA_HOME": "", "HOME": "here"]] {
      for command in [["add"], ["remove", "--id", "1"]] {
        let result = try Program.run(program, ["index"] + command, input: Array(row.utf8), environment: environment)
        #expect(result.status == 64 && result.messages.contains("--index"), "\(result.messages)")
      }
      #expect(try run("-k", "3", input: "Flood in Oslo\n", environment: environment).output == answers("Flood in Oslo\n"))
    }
    // A place where no folder can be made.
    let result = try run("index", "add", input: row, environment: ["XDG_DATA_HOME": installed])
    #expect(result.status == 74 && result.messages.contains(installed), "\(result.messages)")
    let isUnchanged = TemporaryFolder.read(installed) == before
    #expect(isUnchanged)
  }

  @Test func nothingAddedLeavesNothing() throws {
    let result = try run("index", "add", input: "no hashtag here\n", environment: ["XDG_DATA_HOME": folder.file("data/deep/er")])
    #expect(result.status == 0 && result.messages.contains("0 tweets added"))
    #expect(try run("index", "remove", "--id", "nobody", environment: ["XDG_DATA_HOME": folder.file("data/deep/er")]).status == 0)
    #expect(rmdir(folder.file("data")) == 0)
  }

  @Test func firstChangesAtOnceAreAllKept() throws {
    let count = try rows()
    let writers = try (0..<8).map { _ in
      let writer = try Program(program, ["index", "add", "--threads", "1"], environment: ["XDG_DATA_HOME": folder.file("data")])
      writer.send(row)
      return writer
    }
    for writer in writers {
      let result = try writer.finish()
      #expect(result.status == 0, "\(result.messages)")
    }
    #expect(try rows() == count + writers.count)
  }

  @Test func anUpgradeThatItDoesNotFit() throws {
    #expect(try run("index", "add", input: row).status == 0)
    let kept = TemporaryFolder.read(own)
    // Another model and its index.
    try TinyModel(seed: 2).write(to: folder.file("bin/Models/assigner.model"))
    let corpus = folder.write("corpus.txt", World.corpus.joined(separator: "\n") + "\n")
    #expect(try run("index", "build", "--corpus", corpus, "--output", installed).status == 0)
    let upgraded = TemporaryFolder.read(installed)

    let answered = try run("-k", "3", input: "Flood in Oslo\n")
    #expect(answered.status == 0 && answered.lines.count == 1)
    #expect(
      answered.messages.contains(own) && answered.messages.contains("index build") && answered.messages.contains("delete it"))
    #expect(answered.messages.split(separator: "\n").count == 1)
    let added = try run("index", "add", input: row)
    #expect(added.status == 78 && added.messages.contains(own) && added.messages.contains("delete it"), "\(added.messages)")
    #expect(TemporaryFolder.read(own) == kept && TemporaryFolder.read(installed) == upgraded)
    // The copy is deleted, as the message advises.
    unlink(own)
    #expect(try run("index", "add", input: row).status == 0)
    #expect(try run("-k", "3", input: "Flood in Oslo\n").messages == "")
  }
}
