// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Learning
import LineProtocol
import ModelFile
import System
import Text

/// `assigner learned …`: lists what was learned, and lets a person approve, deny or forget it.
struct LearnedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learned",
    abstract: "List the hashtags in a journal, and approve, deny or forget them.",
    discussion: """
      Decisions are added to the journal. A running program that uses the journal applies them before its next lines.
      """,
    subcommands: [LearnedList.self, LearnedApprove.self, LearnedDeny.self, LearnedForget.self],
    defaultSubcommand: LearnedList.self)
}

struct LearnedList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the hashtags in a journal.",
    discussion: """
      Prints one row per hashtag, the most frequent first: the distinct tweets that carry it; the accounts that wrote them (a \
      tweet without "author" counts as one account); the times of the first and the last tweet, if lines have "time"; a \
      person's decision; and examples of tweets. An example is the tweet's text if the journal keeps it, else its id, else \
      its record number.

      A hashtag from only one tweet or account is recommended only if it occurs in the text.
      """)

  @Argument(help: ArgumentHelp("The journal.", valueName: "journal"), completion: .file())
  var journal: String

  @Option(help: ArgumentHelp("List only hashtags of at least n tweets.", valueName: "n"))
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
          "assigner: \(PrintableText.line(journal)): the last \(contents.rest) bytes are no whole record and are ignored\n")
      }
      let tags = contents.stream.hashtags().filter { $0.tweets >= least }.sorted { a, b in
        a.tweets != b.tweets ? a.tweets > b.tweets : a.normal.utf8.lexicographicallyPrecedes(b.normal.utf8)
      }
      let list = LearnedOutput(tags: tags, examples: found, contents: contents)
      try Descriptor.standardOutput.write(Array((json ? list.json.serialized(pretty: true) + "\n" : list.table).utf8))
    }
  }
}

/// The hashtags and the journal of a decision.
struct DecisionArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("Hashtags, with or without #.", valueName: "tag"))
  var hashtags: [String]

  @Option(help: ArgumentHelp("The journal.", valueName: "file"), completion: .file())
  var journal: String

  func add(_ decision: JournalRecord.Decision) throws {
    let normals = hashtags.map(LearnedStream.normal)
    for (hashtag, normal) in zip(hashtags, normals) where !HashtagNormalForm.isHashtag(normal) {
      throw ValidationError("\"\(hashtag)\" is no hashtag.")
    }
    try exiting {
      let rest = try JournalBook(path: journal, deciding: true).add(decision, of: normals)
      if rest > 0 {
        Descriptor.standardError.say(
          "assigner: \(PrintableText.line(journal)): \(rest) bytes at the end were no whole record and were removed\n")
      }
    }
  }
}

struct LearnedApprove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Recommend hashtags from their first tweet on. Cancels a denial.")

  @OptionGroup var arguments: DecisionArguments

  func run() throws { try arguments.add(.approve) }
}

struct LearnedDeny: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deny", abstract: "Never recommend or count hashtags, from any source.")

  @OptionGroup var arguments: DecisionArguments

  func run() throws { try arguments.add(.deny) }
}

struct LearnedForget: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Forget what was learned about hashtags. Cancels a denial or an approval.",
    discussion: "The tweets stay in the journal's file. Later tweets with these hashtags are learned again.")

  @OptionGroup var arguments: DecisionArguments

  func run() throws { try arguments.add(.forget) }
}

/// The output of `learned list`.
struct LearnedOutput {
  let tags: [LearnedTag]
  /// Examples of tweets for each hashtag, by normal form.
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
