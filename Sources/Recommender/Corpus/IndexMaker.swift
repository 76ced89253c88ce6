// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import Tensors
import Text

/// Builds an index from tweets: encodes the tweets and adds them, their hashtags and the embeddings of these to a builder.
///
/// The index does not depend on the number of threads: they only encode, everything else happens in order.
package struct IndexMaker {
  /// The current stage, for a progress bar.
  package enum Stage: String, Sendable {
    case tweets = "tweets"
    case hashtags = "hashtags"
  }

  /// Called after every portion of work. The total is nil while rows are still being read.
  package typealias Progress = (_ stage: Stage, _ done: Int, _ total: Int?) -> Void

  /// The counts of added and skipped rows.
  package struct Report: Equatable, Sendable {
    package var added = 0
    /// Skipped rows: those without a hashtag, and those without text apart from hashtags and links.
    package var withoutHashtag = 0
    package var withoutText = 0
    /// Given hashtags that were cut at the first character that a hashtag cannot have, or dropped if nothing was left.
    package var changedHashtags = 0
    /// Hashtags that were left out of their rows because of a fault.
    package var faults = FaultCounts()
    /// The number of hashtags that got an embedding.
    package var newHashtags = 0
  }

  /// The state of adding rows one by one, so that the rows need not be in memory together.
  ///
  /// The texts of added rows are kept until `finish`, because a later hashtag may be a word of an earlier text.
  package struct Intake {
    fileprivate var waiting: [CorpusRow] = []
    fileprivate var tweets: [(text: String, forms: [HashtagForm])] = []
    fileprivate var report = Report()
    fileprivate var rows = 0

    package init() {}
  }

  private let encoders: TweetEncoders
  private let vectors: HashtagVectors?
  private let workers: Workers<Arena>
  /// Rows between two progress reports, and rows that a thread encodes as one batch.
  private static let portion = 256
  private static let groupSize = 16

  /// - Throws: `ContainerError` if the model's hashtag vectors do not fit the model.
  package init(encoders: TweetEncoders, threads: Int) throws(ContainerError) {
    self.encoders = encoders
    vectors = try HashtagVectors(model: encoders.model, size: encoders.size)
    let scratch = encoders.scratch
    workers = Workers(workspaces: (0..<max(1, threads)).map { _ in Arena(capacity: scratch) })
  }

  /// Makes a builder for a new index of this model.
  ///
  /// - Parameter lists: see `IndexOptions.lists`.
  package func newBuilder(
    keepsText: Bool, indexesWords: Bool = false, lists: Int? = nil
  ) throws(RetrievalError) -> CorpusIndexBuilder {
    try CorpusIndexBuilder(
      IndexOptions(
        dimension: encoders.size, modelFingerprint: ModelFingerprint.of(encoders.model), keepsText: keepsText,
        indexesWords: indexesWords, lists: lists))
  }

  /// Adds rows to the builder, with the embeddings of their hashtags and the statistics of their words.
  package func add(
    _ rows: [CorpusRow], to builder: inout CorpusIndexBuilder, progress: Progress = { _, _, _ in }
  ) throws -> Report {
    var intake = Intake()
    for row in rows { try add(row, to: &builder, intake: &intake) { stage, done, _ in progress(stage, done, rows.count) } }
    return try finish(&intake, to: &builder, progress: progress)
  }

  /// Adds one row. Call `finish` after the last.
  package func add(
    _ row: CorpusRow, to builder: inout CorpusIndexBuilder, intake: inout Intake, progress: Progress = { _, _, _ in }
  ) throws {
    intake.waiting.append(row)
    if intake.waiting.count == Self.portion { try encode(&intake, to: &builder, progress) }
  }

  /// Encodes the waiting rows and sets the hashtags' embeddings and statistics.
  package func finish(
    _ intake: inout Intake, to builder: inout CorpusIndexBuilder, progress: Progress = { _, _, _ in }
  ) throws -> Report {
    if !intake.waiting.isEmpty { try encode(&intake, to: &builder, progress) }
    intake.report.newHashtags = try embedHashtags(of: &builder, progress)
    if builder.isNew {
      var affixes = AffixCounter()
      for tweet in intake.tweets { affixes.add(tweet.text) }
      builder.affixes = affixes.affixes(of: builder.hashtagSpellings)
    }
    for tweet in intake.tweets {
      let words = InTextCandidates.find(in: tweet.text) { builder.contains(hashtag: $0) }
      builder.recordMentions(words: words.lazy.map(\.normalForm), carried: tweet.forms.lazy.map(\.normal))
    }
    return intake.report
  }

  private func encode(_ intake: inout Intake, to builder: inout CorpusIndexBuilder, _ progress: Progress) throws {
    var faults = intake.report.faults
    let portion = intake.waiting.map { row in
      Prepared(
        row: row, text: TweetNormalForm.normalize(row.text).text,
        forms: faults.sound(row.hashtags).compactMap(HashtagForm.init(spelling:)))
    }
    intake.report.faults = faults
    intake.waiting.removeAll(keepingCapacity: true)
    intake.rows += portion.count
    intake.report.changedHashtags += portion.reduce(0) { $0 + $1.row.changedHashtags }
    intake.report.withoutHashtag += portion.count { $0.forms.isEmpty }
    intake.report.withoutText += portion.count { !$0.forms.isEmpty && $0.text.isEmpty }
    let usable = portion.filter { !$0.forms.isEmpty && !$0.text.isEmpty }
    let vectors = try embed(usable.map(\.text), with: .retriever)
    for (tweet, vector) in zip(usable, vectors) {
      let row = IndexRow(
        identifier: tweet.row.identifier, vector: vector, hashtags: tweet.forms, text: tweet.row.text,
        words: builder.indexesWords ? tweet.words : nil)
      if try builder.add(row) {
        intake.report.added += 1
        intake.tweets.append((tweet.text, tweet.forms))
      }
    }
    progress(.tweets, intake.rows, nil)
  }

  private struct Prepared: Sendable {
    let row: CorpusRow
    let text: String
    let forms: [HashtagForm]

    /// The words of the tweet and of its replies.
    var words: [String] {
      TweetWords.find(in: text) + row.conversation.flatMap { TweetWords.find(in: TweetNormalForm.normalize($0).text) }
    }
  }

  /// Sets the embedding of every hashtag that has none yet.
  func embedHashtags(of builder: inout CorpusIndexBuilder, _ progress: Progress) throws -> Int {
    let missing = builder.hashtagsWithoutEmbedding
    for start in stride(from: 0, to: missing.count, by: Self.portion) {
      let portion = Array(missing[start..<min(start + Self.portion, missing.count)])
      let own = portion.map { vectors?.vector(of: $0) }
      var encoded = try embed(zip(portion, own).filter { $1 == nil }.map(\.0), with: .selector)[...]
      for (hashtag, vector) in zip(portion, own) {
        if let vector = vector ?? encoded.popFirst() { try builder.setEmbedding(vector, of: hashtag) }
      }
      progress(.hashtags, start + portion.count, missing.count)
    }
    return missing.count
  }

  private func embed(_ texts: [String], with network: TweetEncoders.Network) throws -> [[Float]] {
    try workers.map(texts, inGroupsOf: Self.groupSize, size: { $0.utf8.count }) { [encoders] group, arena in
      try encoders.embed(group, with: network, arena: arena)
    }
  }
}
