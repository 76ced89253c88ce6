// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import Tensors
import Text

/// Turns tweets into an index: encodes them, tells the builder their hashtags, and gives these their embeddings.
///
/// The answer does not depend on the number of workers: they encode, everything else happens in order.
package struct IndexMaker {
  /// What is being done, for a progress bar.
  package enum Stage: String, Sendable {
    case tweets = "tweets"
    case hashtags = "hashtags"
  }

  /// Told after every portion of work; the total is nil while rows are still read.
  package typealias Progress = (_ stage: Stage, _ done: Int, _ total: Int?) -> Void

  /// What became of the rows.
  package struct Report: Equatable, Sendable {
    package var added = 0
    /// Rows without a hashtag, or without text beside their hashtags and links, cannot answer anything.
    package var withoutHashtag = 0
    package var withoutText = 0
    /// Told hashtags that were cut at a character that no hashtag has, or left out for want of others.
    package var changedHashtags = 0
    /// Hashtags that got an embedding.
    package var newHashtags = 0
  }

  /// Rows that come one by one, so that they need not be in memory together: of those that are in, their text is kept until
  /// `finish`, since a hashtag that comes later may be a word of theirs.
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
  /// Rows between two reports of progress, and those that a thread encodes together.
  private static let portion = 256
  private static let groupSize = 16

  /// - Throws: `ContainerError` where the model's vectors of hashtags do not fit it.
  package init(encoders: TweetEncoders, threads: Int) throws(ContainerError) {
    self.encoders = encoders
    vectors = try HashtagVectors(model: encoders.model, size: encoders.size)
    let scratch = encoders.scratch
    workers = Workers(workspaces: (0..<max(1, threads)).map { _ in Arena(capacity: scratch) })
  }

  /// A builder for a new index of this model.
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

  /// Takes one more row in; `finish` ends it.
  package func add(
    _ row: CorpusRow, to builder: inout CorpusIndexBuilder, intake: inout Intake, progress: Progress = { _, _, _ in }
  ) throws {
    intake.waiting.append(row)
    if intake.waiting.count == Self.portion { try encode(&intake, to: &builder, progress) }
  }

  /// Encodes what waits, and gives the hashtags their embeddings and statistics.
  package func finish(
    _ intake: inout Intake, to builder: inout CorpusIndexBuilder, progress: Progress = { _, _, _ in }
  ) throws -> Report {
    if !intake.waiting.isEmpty { try encode(&intake, to: &builder, progress) }
    intake.report.newHashtags = try embedHashtags(of: &builder, progress)
    for tweet in intake.tweets {
      builder.recordMentions(
        words: InTextCandidates.find(in: tweet.text).lazy.map(\.normalForm), carried: tweet.forms.lazy.map(\.normal))
    }
    return intake.report
  }

  private func encode(_ intake: inout Intake, to builder: inout CorpusIndexBuilder, _ progress: Progress) throws {
    let portion = intake.waiting.map { row in
      Prepared(row: row, text: TweetNormalForm.normalize(row.text).text, forms: Self.forms(row.hashtags))
    }
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
        words: builder.indexesWords ? TweetWords.find(in: tweet.text) : nil)
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
  }

  private static func forms(_ hashtags: [String]) -> [HashtagForm] {
    hashtags.compactMap { display in
      let normal = HashtagNormalForm.normalize(display)
      // A longer one is none: nobody types it, and an index has no room for it.
      let isOne = !normal.isEmpty && display.utf8.count <= IndexLayout.maximumNameLength
      return isOne ? HashtagForm(display: display, normal: normal) : nil
    }
  }

  /// Gives the selector's vector to every hashtag that has none yet.
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
