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
    abstract: "Add the tweets that a journal has taught to an index.",
    discussion: """
      What was denied or forgotten is left out, and so are near-duplicates. A tweet whose id is there already takes the old \
      one's place. An index that keeps text takes tweets whose text the journal keeps. The journal stays as it is: begin a new \
      one, or the same tweets count twice.
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
      let path = try index.path()
      let target = output ?? path
      let encoders = try TweetEncoders(model: model.open())
      let lock = try IndexLock(path: target)
      let old = try CorpusIndex(path: path)
      try old.check(model: encoders.model, dimension: encoders.size)
      let book = try JournalBook(path: journal)
      guard book.header.modelFingerprint == old.modelFingerprint, book.header.dimension == old.dimension else {
        throw JournalError.otherModel(
          path: journal, journal: book.header.modelFingerprint, model: old.modelFingerprint)
      }
      var builder = try CorpusIndexBuilder(editing: old)
      let report = try IndexMaker(encoders: encoders, threads: threads.count).merge(book, into: &builder)
      if report.added > 0 || target != path { try builder.write(to: target) }
      withExtendedLifetime(lock) {}
      var parts = ["\(report.added) tweets added", "\(report.newHashtags) hashtags embedded"]
      if report.withoutText > 0 { parts.append("\(report.withoutText) left out, since the journal does not keep their text") }
      if report.rest > 0 { parts.append("\(report.rest) bytes at the journal's end are no whole record") }
      Descriptor.standardError.say("assigner: \(target): \(parts.joined(separator: ", "))\n")
    }
  }
}
