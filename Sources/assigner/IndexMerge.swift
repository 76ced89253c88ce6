// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Learning
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System

struct IndexMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Add the tweets of a journal to an index.",
    discussion: """
      Denied and forgotten hashtags and near-duplicates are left out, and hashtags as "index build" leaves them out. A tweet with the id of a tweet in the index replaces \
      that tweet. If the index keeps text, only tweets whose text is in the journal are added. The journal is not changed: \
      start a new one afterwards, or the same tweets count twice.
      """)

  @OptionGroup var model: ModelOption
  @OptionGroup var index: IndexOption
  @OptionGroup var threads: ThreadOption

  @Argument(help: ArgumentHelp("The journal.", valueName: "journal"), completion: .file())
  var journal: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Index file to write (default: the index itself).", valueName: "file"),
    completion: .file())
  var output: String?

  func run() throws {
    try exiting {
      let encoders = try TweetEncoders(model: model.open())
      let used: KeyValuePairs<String, String?> = ["the journal": journal, "the model": try model.path()]
      if let output {
        let file = try OutputFile(output, as: .container(.index), besides: used)
        let old = try CorpusIndex(path: index.path(for: model.path()))
        try old.check(model: encoders.model, dimension: encoders.size)
        var (builder, report) = try merge(into: old, encoders)
        try builder.write(to: file)
        say(report, file.path)
      } else {
        let changed = try ChangedIndex(index, besides: used)
        let old = try changed.open()
        try changed.check(old, model: encoders.model, dimension: encoders.size)
        var (builder, report) = try merge(into: old, encoders)
        if report.added > 0 { try changed.replace(with: &builder) }
        say(report, changed.path)
      }
    }
  }

  private func merge(
    into old: CorpusIndex, _ encoders: TweetEncoders
  ) throws -> (CorpusIndexBuilder, IndexMaker.MergeReport) {
    let book = try JournalBook(path: journal)
    guard book.header.modelFingerprint == old.modelFingerprint, book.header.dimension == old.dimension else {
      throw JournalError.otherModel(path: journal, journal: book.header.modelFingerprint, model: old.modelFingerprint)
    }
    var builder = try CorpusIndexBuilder(editing: old)
    let report = try IndexMaker(encoders: encoders, threads: threads.count).merge(book, into: &builder)
    return (builder, report)
  }

  private func say(_ report: IndexMaker.MergeReport, _ path: String) {
    var parts = ["\(report.added) tweets added", "\(report.newHashtags) hashtags embedded"]
    if report.withoutText > 0 { parts.append("\(report.withoutText) left out, because the journal does not keep their text") }
    if let faults = report.faults.summary { parts.append(faults) }
    if report.rest > 0 { parts.append("\(report.rest) bytes at the end of the journal are no whole record and were ignored") }
    Descriptor.standardError.say("assigner: \(path): \(parts.joined(separator: ", "))\n")
  }
}
