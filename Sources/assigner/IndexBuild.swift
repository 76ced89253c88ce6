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
    abstract: "Build an index from a corpus of tweets with hashtags.",
    discussion: """
      The corpus has one tweet per line: the tweet as text with its hashtags, or a JSON object {"text": ..., \
      "hashtags"?: [...], "id"?: ...}. It may be compressed with gzip. Tweets without a hashtag are left out. The index \
      holds quantised embeddings, hashtags and ids. It holds the text only with --keep-text.

      Hashtags that nobody should be offered are left out, too, and counted on stderr: those without a letter (#2017), those \
      that a wrong encoding damaged, and sentences and links without spaces (#floodshttp, more than 40 letters).

      The index also holds hashes of each tweet's words, without their order, so that tweets can be retrieved by words \
      (--retriever bm25 or hybrid, and by default in scripts that the model cannot read). "index add" keeps them up to date. \
      Words of replies ("conversation") count, too. --no-words leaves all of them out.

      An existing output file is replaced only if it is an index and not one of the input files.
      """)

  @Option(help: ArgumentHelp("Corpus to read; - is stdin.", valueName: "file"), completion: .file())
  var corpus: String

  @Option(name: .shortAndLong, help: ArgumentHelp("Index file to write.", valueName: "file"), completion: .file())
  var output: String

  @Flag(help: "Keep the text of the tweets in the index.")
  var keepText = false

  @Flag(name: .customLong("no-words"), help: "Leave out the words; the index is smaller, and cannot be searched by words.")
  var withoutWords = false

  /// What --no-words leaves out, by its earlier name. It is the default now.
  @Flag(help: .hidden)
  var bm25 = false

  @Option(
    help: ArgumentHelp(
      """
      Lists to divide the tweets into. A search scans only the nearest lists. 0 for none (default: by the number of \
      tweets, none below 262144).
      """, valueName: "n"))
  var lists: Int?

  @Flag(help: "Stop at the first bad row, with exit code 65.")
  var strict = false

  @OptionGroup var model: ModelOption
  @OptionGroup var threads: ThreadOption

  func validate() throws {
    if bm25, withoutWords { throw ValidationError("--bm25 and --no-words contradict each other.") }
    if let lists, !(0...65536).contains(lists) { throw ValidationError("--lists must be from 0 to 65536.") }
  }

  func run() throws {
    try exiting {
      let output = try OutputFile(
        output, as: .container(.index), besides: ["the --corpus": corpus, "the model": model.path()])
      let encoders = try TweetEncoders(model: model.open())
      let maker = try IndexMaker(encoders: encoders, threads: threads.count)
      var builder = try maker.newBuilder(keepsText: keepText, indexesWords: !withoutWords, lists: lists)
      let (report, bad) = try addRows(of: corpus, strict: strict, to: &builder, with: maker)
      try builder.write(to: output)
      Descriptor.standardError.say("assigner: \(output.path): \(summarise(report, bad: bad))\n")
    }
  }
}
