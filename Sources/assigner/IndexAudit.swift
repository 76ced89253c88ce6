// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System

struct IndexAuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "List the hashtags of an index that a person should look at.",
    discussion: """
      Groups the tweets by event, as far as their hashtags show, and lists for each event:

        outdated     hashtags of an event that is over, and hashtags that name an earlier year
        repeated     hashtags whose tweets are nearly all copies of one another: one campaign, or one program
        promotional  hashtags that ask for followers or sell something
        offensive    hashtags with an obscenity or a slur (--words names a list of your own)
        once         hashtags of a single tweet

      and the scripts of its hashtags. It changes nothing. An index knows no authors. It knows times only where the tweets' \
      ids are those of Twitter, which begin with the time; otherwise only --since finds what is outdated, by the years that \
      hashtags name.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }

  @OptionGroup var index: IndexOption

  @Option(help: "Format of the report. The table has examples; json has everything.")
  var format = Format.table

  @Option(
    help: ArgumentHelp(
      "An event is over if it has no tweet since then: a day (2019-12-31), or a day and time (default: a year before the newest).",
      valueName: "time"))
  var since: String?

  @Option(
    help: ArgumentHelp("Offensive parts of hashtags, in the format of --deny, instead of the built-in list.", valueName: "file"),
    completion: .file())
  var words: String?

  @Option(help: ArgumentHelp("Events that the table lists.", valueName: "n"))
  var top = 20

  func validate() throws {
    if !(0...1000).contains(top) { throw ValidationError("--top must be from 0 to 1000.") }
    if let since, Self.moment(since) == nil {
      throw ValidationError("--since must be a day (2019-12-31), or a day and time (2019-12-31T09:30:00Z).")
    }
  }

  func run() throws {
    try exiting {
      var options = IndexAudit.Options()
      options.since = since.flatMap(Self.moment)
      if let words { options.offensive = try readHashtagList(words).hashtags.sorted() }
      let path = try index.path(for: DefaultFiles.find(DefaultFiles.modelName))
      let audit = try IndexAudit(CorpusIndex(path: path), options)
      let text =
        switch format {
        case .table: audit.table(top: top, path: path)
        case .json: audit.json.serialized(pretty: true) + "\n"
        }
      try Descriptor.standardOutput.write(Array(text.utf8))
    }
  }

  private static func moment(_ text: String) -> Int? {
    Timestamp.seconds(text) ?? Timestamp.seconds(text + "T00:00:00Z")
  }
}
