// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Learning
import LineProtocol
import ModelFile
import System

/// `assigner learned …`: what a journal has taught, and a person's last word on it.
struct LearnedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learned",
    abstract: "List what a journal has taught, and approve, deny or forget hashtags.",
    discussion: """
      Decisions are added to the journal. A program that learns with it takes them up before its next lines.
      """,
    subcommands: [LearnedList.self, LearnedApprove.self, LearnedDeny.self, LearnedForget.self],
    defaultSubcommand: LearnedList.self)
}

struct LearnedList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the hashtags that a journal has taught.",
    discussion: """
      A row for each hashtag, those of most tweets first: distinct tweets that carry it, the accounts that wrote them (a tweet \
      without "author" counts as one), when the first and the last were written where lines had "time", what a person has \
      decided, and where it came from: the tweets' texts where the journal keeps them, else their ids, else their numbers \
      among the journal's records. A hashtag of a single tweet or account is offered only where it stands in the text.
      """)

  @Argument(help: ArgumentHelp("The journal.", valueName: "journal"), completion: .file())
  var journal: String

  @Option(help: ArgumentHelp("Hashtags of so many tweets at least.", valueName: "n"))
  var least = 1

  @Option(help: ArgumentHelp("Examples for each hashtag.", valueName: "n"))
  var examples = 3

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func validate() throws {
    if !(0...1000).contains(examples) { throw ValidationError("--examples must be from 0 to 1000.") }
  }

  func run() throws {
    try exiting {
      let book = try JournalBook(path: journal)
      var found: [String: [String]] = [:]
      let contents = try book.read { number, lesson, outcome in
        guard case .taught(let hashtags) = outcome else { return }
        for hashtag in hashtags where found[hashtag, default: []].count < examples {
          found[hashtag, default: []].append(lesson.text ?? lesson.identifier ?? "record \(number)")
        }
      }
      if contents.rest > 0 {
        Descriptor.standardError.say(
          "assigner: \(PrintableText.line(journal)): the last \(contents.rest) bytes are no whole record, and are passed over\n")
      }
      let tags = contents.stream.hashtags().filter { $0.tweets >= least }.sorted { a, b in
        a.tweets != b.tweets ? a.tweets > b.tweets : a.normal.utf8.lexicographicallyPrecedes(b.normal.utf8)
      }
      let list = LearnedOutput(tags: tags, examples: found, contents: contents)
      try Descriptor.standardOutput.write(Array((json ? list.json.serialized(pretty: true) + "\n" : list.table).utf8))
    }
  }
}

/// Which hashtags of which journal a person decides of.
struct DecisionArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("Hashtags, with or without #.", valueName: "tag"))
  var hashtags: [String]

  @Option(help: ArgumentHelp("The journal.", valueName: "file"), completion: .file())
  var journal: String

  func add(_ decision: JournalRecord.Decision) throws {
    let normals = hashtags.map(LearnedStream.normal)
    for (hashtag, normal) in zip(hashtags, normals) where normal.isEmpty {
      throw ValidationError("\"\(hashtag)\" is no hashtag.")
    }
    try exiting {
      let rest = try JournalBook(path: journal, deciding: true).add(decision, of: normals)
      if rest > 0 {
        Descriptor.standardError.say(
          "assigner: \(PrintableText.line(journal)): \(rest) bytes at its end were no whole record, and are dropped\n")
      }
    }
  }
}

struct LearnedApprove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Offer hashtags from their first tweet on; lifts a denial.")

  @OptionGroup var arguments: DecisionArguments

  func run() throws { try arguments.add(.approve) }
}

struct LearnedDeny: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deny", abstract: "Never offer or count hashtags, wherever they come from.")

  @OptionGroup var arguments: DecisionArguments

  func run() throws { try arguments.add(.deny) }
}

struct LearnedForget: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Forget what was learned of hashtags so far, as if nobody had taught it; lifts a denial or an approval.",
    discussion: "The tweets that taught it stay in the journal's file. What comes after is learned again.")

  @OptionGroup var arguments: DecisionArguments

  func run() throws { try arguments.add(.forget) }
}

/// What `learned` prints.
struct LearnedOutput {
  let tags: [LearnedTag]
  /// Where each hashtag came from, by normal form.
  let examples: [String: [String]]
  let contents: JournalBook.Contents

  var table: String {
    var lines = ["hashtag\ttweets\taccounts\tfirst\tlast\tdecided\tfrom"]
    lines += tags.map { tag in
      ([
        "#" + PrintableText.word(tag.display), "\(tag.tweets)", "\(tag.authors)", Self.time(tag.firstTime),
        Self.time(tag.lastTime),
        tag.isApproved ? "approved" : "-",
      ] + (examples[tag.normal] ?? []).map(PrintableText.line)).joined(separator: "\t")
    }
    lines += contents.stream.decisions.denied.sorted().map { "#\(PrintableText.word($0))\t-\t-\t-\t-\tdenied" }
    return lines.joined(separator: "\n") + "\n"
  }

  var json: JSONValue {
    [
      "tweets": .integer(contents.stream.liveRows), "lessons": .integer(contents.stream.lessons),
      "denied": .array(contents.stream.decisions.denied.sorted().map { .string($0) }),
      "hashtags": .array(
        tags.map { tag in
          [
            "tag": .string(tag.display), "tweets": .integer(tag.tweets), "authors": .integer(tag.authors),
            "first": tag.firstTime.map { .string(Timestamp.text($0)) } ?? .null,
            "last": tag.lastTime.map { .string(Timestamp.text($0)) } ?? .null, "approved": .bool(tag.isApproved),
            "examples": .array((examples[tag.normal] ?? []).map { .string($0) }),
          ]
        }),
    ]
  }

  private static func time(_ seconds: Int?) -> String { seconds.map(Timestamp.text) ?? "-" }
}
