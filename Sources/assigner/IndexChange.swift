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
      Rows are those of "index build": tweets with their hashtags in place, or JSON objects. A row whose id is there \
      already takes the old one's place; a row without an id takes nobody's. At most 256 MiB of lines are added at once.
      """)

  @OptionGroup var model: ModelOption
  @OptionGroup var index: IndexOption
  @OptionGroup var threads: ThreadOption

  @Option(help: ArgumentHelp("Tweets to add; - is stdin.", valueName: "file"), completion: .file())
  var input = "-"

  @Flag(help: "Stop at the first bad row and change nothing, with exit code 65.")
  var strict = false

  func run() throws {
    try exiting {
      let changed = try ChangedIndex(index, besides: ["the --input": input, "the model": model.path()])
      let encoders = try TweetEncoders(model: model.open())
      // Before the index is locked, since whoever writes them may take any time.
      let (rows, bad) = try readRows(input, strict: strict, advice: "add them in parts, or build the index anew")
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
      A tweet that loses its last hashtag goes, too. What is not there is named on stderr; that is no error.

      A tweet that came without an id is named @ and a running number (--explain shows it). An id that looks like such a \
      name, @7, is named with one more @: @@7.
      """)

  @OptionGroup var index: IndexOption

  @Option(name: .customLong("id"), help: ArgumentHelp("Id of a tweet, or its name; may be repeated.", valueName: "id"))
  var identifiers: [String] = []

  @Option(name: .customLong("hashtag"), help: ArgumentHelp("A hashtag, with or without #; may be repeated.", valueName: "tag"))
  var hashtags: [String] = []

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
            "assigner: \(path): there is no tweet \(identifier); those that came without an id are named @0, @1 and so on\n")
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
    commandName: "stats", abstract: "Print how large an index is and what it is about.")

  @OptionGroup var index: IndexOption

  @Option(help: ArgumentHelp("How many of the most frequent hashtags to name.", valueName: "n"))
  var top = 20

  @Flag(help: "Print one JSON object instead.")
  var json = false

  func run() throws {
    try exiting {
      let statistics = try CorpusIndex(file: index.open(for: DefaultFiles.find(DefaultFiles.modelName))).statistics(top: top)
      let text = json ? statistics.json.serialized(pretty: true) + "\n" : statistics.table
      try Descriptor.standardOutput.write(Array(text.utf8))
    }
  }
}
