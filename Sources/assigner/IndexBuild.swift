// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System

struct IndexBuild: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Make an index of a corpus of tweets with hashtags.",
    discussion: """
      The corpus has one tweet a line: the tweet itself with its hashtags in place, or a JSON object {"text": ..., \
      "hashtags"?: [...], "id"?: ...}. It may be packed with gzip. Tweets without a hashtag are left out. The index holds \
      codes, hashtags and identifiers, never the text, unless --keep-text.

      With --bm25 it can be searched by words, too (--retriever bm25 or hybrid): it then holds the hashes of each tweet's \
      words, without their order. "index add" keeps that up by itself.

      A file that is there already is replaced only where it is an index and none of the files that are read.
      """)

  @OptionGroup var model: ModelOption
  @OptionGroup var threads: ThreadOption

  @Option(help: ArgumentHelp("Corpus to read; - is stdin.", valueName: "file"), completion: .file())
  var corpus: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Index file to write.", valueName: "file"), completion: .file())
  var output: String

  @Flag(help: "Keep the text of the tweets in the index.")
  var keepText = false

  @Flag(help: "Make the index searchable by words, for --retriever bm25 and hybrid.")
  var bm25 = false

  @Option(
    help: ArgumentHelp(
      "Lists that the tweets are put into, so that a search looks at the nearest lists only; 0 for none (default: by the number of tweets, none below 262144).",
      valueName: "n"))
  var lists: Int?

  @Flag(help: "Stop at the first bad row, with exit code 65.")
  var strict = false

  func validate() throws {
    if let lists, !(0...65536).contains(lists) { throw ValidationError("--lists must be from 0 to 65536.") }
  }

  func run() throws {
    try exiting {
      let output = try OutputFile(
        output, as: .container(.index), besides: ["the --corpus": corpus, "the model": model.path()])
      let encoders = try TweetEncoders(model: model.open())
      let maker = try IndexMaker(encoders: encoders, threads: threads.count)
      var builder = try maker.newBuilder(keepsText: keepText, indexesWords: bm25, lists: lists)
      let (report, bad) = try addRows(of: corpus, strict: strict, to: &builder, with: maker)
      try builder.write(to: output)
      Descriptor.standardError.say("assigner: \(output.path): \(summarise(report, bad: bad))\n")
    }
  }
}
