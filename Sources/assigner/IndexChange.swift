// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System
import Text

struct IndexAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add tweets from stdin or a file to an index.",
    discussion: """
      The input has the format of the corpus of "index build". A row with the id of a tweet in the index replaces that \
      tweet. A row without an id is always added. The input may have at most 256 MiB.
      """)

  @Option(help: ArgumentHelp("Tweets to add; - is stdin.", valueName: "file"), completion: .file())
  var input = "-"

  @Flag(help: "Stop at the first bad row, with exit code 65, and change nothing.")
  var strict = false

  @OptionGroup var index: IndexOption
  @OptionGroup var model: ModelOption
  @OptionGroup var threads: ThreadOption

  func run() throws {
    try exiting {
      let changed = try ChangedIndex(index, besides: ["the --input": input, "the model": model.path()])
      let encoders = try TweetEncoders(model: model.open())
      // Before the index is locked: the writer of the rows may take any time.
      let (rows, bad) = try readRows(input, strict: strict, advice: "add them in parts, or build a new index")
      let old = try changed.open()
      try changed.check(old, model: encoders.model, dimension: encoders.size)
      var builder = try CorpusIndexBuilder(editing: old)
      let report = try addRows(
        rows, to: &builder, with: try IndexMaker(encoders: encoders, threads: threads.count))
      if report.added > 0 { try changed.replace(with: &builder) }
      Descriptor.standardError.say("assigner: \(changed.path): \(summarise(report, bad: bad))\n")
    }
  }
}

struct IndexRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove tweets or hashtags from an index.",
    discussion: """
      A tweet that loses its last hashtag is removed, too. Unknown ids and hashtags are reported on stderr; they are no \
      error.

      A tweet without an id has the name @0, @1 and so on ("--format json --explain" shows it). An id that looks like \
      such a name gets one more @: the id @7 is named @@7.
      """)

  @Option(
    name: .customLong("id"),
    help: ArgumentHelp("Id of a tweet, or its name if it has no id; may be repeated.", valueName: "id"))
  var identifiers: [String] = []

  @Option(name: .customLong("hashtag"), help: ArgumentHelp("A hashtag, with or without #; may be repeated.", valueName: "tag"))
  var hashtags: [String] = []

  @OptionGroup var index: IndexOption

  func validate() throws {
    if identifiers.isEmpty, hashtags.isEmpty { throw ValidationError("Give --id or --hashtag.") }
  }

  func run() throws {
    try exiting {
      let changed = try ChangedIndex(index)
      let path = changed.path
      var builder = try CorpusIndexBuilder(editing: changed.open())
      let before = builder.rowCount
      var isChanged = false
      for identifier in identifiers {
        let isThere = builder.remove(identifier: identifier)
        if !isThere {
          Descriptor.standardError.say(
            "assigner: \(path): there is no tweet \(identifier); tweets without an id are named @0, @1 and so on\n")
        }
        isChanged = isChanged || isThere
      }
      for hashtag in hashtags {
        let rows = builder.remove(hashtag: HashtagNormalForm.normalize(hashtag))
        if rows == 0 { Descriptor.standardError.say("assigner: \(path): there is no hashtag \(hashtag)\n") }
        isChanged = isChanged || rows > 0
      }
      if isChanged { try changed.replace(with: &builder) }
      Descriptor.standardError.say("assigner: \(path): \(before - builder.rowCount) tweets removed\n")
    }
  }
}

struct IndexStats: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Print the size of an index and its most frequent hashtags.")

  @OptionGroup var index: IndexOption

  @Option(help: ArgumentHelp("How many of the most frequent hashtags to print.", valueName: "n"))
  var top = 20

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func run() throws {
    try exiting {
      let statistics = try CorpusIndex(file: index.open(for: DefaultFiles.find(DefaultFiles.modelName))).statistics(top: top)
      let text = json ? statistics.json.serialized(pretty: true) + "\n" : statistics.table
      try Descriptor.standardOutput.write(Array(text.utf8))
    }
  }
}
