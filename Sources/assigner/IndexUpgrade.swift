// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System
import Text

struct IndexUpgrade: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upgrade",
    abstract: "Bring an index of an older program to the present normal form of hashtags.",
    discussion: """
      Version 1 of the normal form compared hashtags by 0-9, a-z and _ alone; version 2 knows every script. Each hashtag gets \
      the normal form of its displayed spelling, and a new embedding if the form is another one. Hashtags that become equal \
      become one. A hashtag without a letter is removed, and so is a tweet that has no other one. Hashtags that version 1 \
      could not read, such as Arabic ones, are not in the old index: build it again to get them.
      """)

  @OptionGroup var model: ModelOption
  @OptionGroup var index: IndexOption
  @OptionGroup var threads: ThreadOption

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Index file to write (default: the index itself).", valueName: "file"),
    completion: .file())
  var output: String?

  func run() throws {
    try exiting {
      let encoders = try TweetEncoders(model: model.open())
      let used: KeyValuePairs<String, String?> = ["the model": try model.path()]
      let maker = try IndexMaker(encoders: encoders, threads: threads.count)
      if let output {
        let file = try OutputFile(output, as: .container(.index), besides: used)
        let old = try CorpusIndex(path: index.path(for: model.path()))
        try old.check(model: encoders.model, dimension: encoders.size)
        var (builder, report) = try maker.upgrade(old)
        try builder.write(to: file)
        say(report, file.path)
      } else {
        let changed = try ChangedIndex(index, besides: used)
        let old = try changed.open()
        try changed.check(old, model: encoders.model, dimension: encoders.size)
        guard old.normalForm < HashtagNormalForm.version else {
          return Descriptor.standardError.say("assigner: \(changed.path): has version \(old.normalForm) already\n")
        }
        var (builder, report) = try maker.upgrade(old)
        try changed.replace(with: &builder)
        say(report, changed.path)
      }
    }
  }

  private func say(_ report: IndexMaker.UpgradeReport, _ path: String) {
    Descriptor.standardError.say(
      "assigner: \(path): \(report.before) hashtags became \(report.after), \(report.newHashtags) embedded, "
        + "\(report.removed) tweets removed\n")
  }
}
