// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

/// `assigner index audit`: what it prints, and that `index remove` takes what it finds.
@Suite struct AuditTests {
  private let folder = TemporaryFolder()
  private let index: String

  init() throws {
    let flood = (0..<6).map { "The river took bridge number \($0 * 7) in Rivertown #RivertownFlood #Rivertown2013" }
    let copies = (0..<5).map { _ in "Follow me and I follow you #TeamFollowBack" }
    let rows = folder.write(
      "rows", (flood + copies + ["Cellar full of water #ShitHappens #RivertownFlood"]).joined(separator: "\n"))
    index = folder.file("index")
    let built = try Program.run(
      "assigner", ["index", "build", "--corpus", rows, "--output", index, "--model", World.model], input: "")
    #expect(built.status == 0, "\(built.messages)")
  }

  private func audit(_ arguments: String...) throws -> Program.Result {
    try Program.run("assigner", ["index", "audit", "--index", index] + arguments, input: "")
  }

  @Test func theTableNamesEventsFindingsAndTheNextStep() throws {
    let result = try audit()
    #expect(result.status == 0 && result.messages == "")
    #expect(result.text.hasPrefix("12 tweets, 4 hashtags, 2 events; their times are unknown\n"), "\(result.text)")
    #expect(result.text.contains("#RivertownFlood #Rivertown2013"))
    #expect(result.text.contains("repeated: #TeamFollowBack (5 tweets, 1 distinct of 5)"))
    #expect(result.text.contains(#"offensive: #ShitHappens (1 tweet, has "shit")"#))
    #expect(result.text.contains("Next: assigner index remove --index \(index) --hashtag TAG"))
    #expect(try audit("--since", "2019-01-01").text.contains("outdated: #Rivertown2013 (6 tweets, it names 2013)"))
  }

  @Test func whatIsFoundCanBeRemoved() throws {
    let before = try JSONValue(parsing: audit("--format", "json").output)
    let events = try before.array("events")
    let promotional = try events.flatMap { try $0.array("promotional") }.map { try $0.string("hashtag") }
    #expect(promotional == ["TeamFollowBack"])
    let removed = try Program.run(
      "assigner", ["index", "remove", "--index", index] + promotional.flatMap { ["--hashtag", $0] }, input: "")
    #expect(removed.status == 0 && removed.messages.contains("5 tweets removed"))
    let after = try JSONValue(parsing: audit("--format", "json").output)
    #expect(try after.integer("tweets") == 7 && after.array("events").allSatisfy { try $0.array("promotional").isEmpty })
  }

  @Test func ownWordsAreRead() throws {
    let words = folder.write("words", "river\n")
    let offensive = try JSONValue(parsing: audit("--format", "json", "--words", words).output).array("events")
      .flatMap { try $0.array("offensive") }.map { try $0.string("hashtag") }
    #expect(offensive.sorted() == ["Rivertown2013", "RivertownFlood"])
  }

  @Test func wrongDaysAreRefused() throws {
    let result = try audit("--since", "yesterday")
    #expect(result.status == 64 && result.messages.contains("--since must be a day (2019-12-31)"))
  }
}
