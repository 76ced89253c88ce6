// SPDX-License-Identifier: Apache-2.0

import Learning
import ModelFile
import Retrieval
import Tensors
import Text

/// Answers tweets with the help of a stream, and teaches the stream.
extension Recommender {
  /// Makes a learner for the lines that this recommender answers.
  ///
  /// - Parameters:
  ///   - options: how to learn; the recommender's deny and allow lists also apply.
  ///   - journal: the path of the file that keeps what is learned; nil to keep it only in memory.
  ///   - say: prints a message about that file.
  /// - Throws: `JournalError`, `SystemCallError`.
  package func makeLearner(
    _ options: LearningOptions, journal path: String? = nil, model: ContainerFile, say: @escaping (String) -> Void = { _ in }
  ) throws -> StreamLearner {
    var options = options
    options.permits = { [filter = self.options.filter] in filter.passes($0) }
    let header = JournalHeader(modelFingerprint: ModelFingerprint.of(model), dimension: streamDimension)
    let journal = try path.map { try Journal(path: $0, header: header, say: say) }
    return try StreamLearner(dimension: streamDimension, options: options, journal: journal)
  }

  /// The components of the live rows; without encoders one constant component.
  private var streamDimension: Int { encoders?.size ?? 1 }

  /// Gives every tweet the state of the stream before its line, then teaches the stream the tweet.
  func learn(_ queries: inout [PreparedQuery], from learner: StreamLearner) {
    let lines = queries.map(line)
    let (stream, moments) = learner.take(lines)
    for (place, moment) in moments.enumerated() {
      queries[place].stream = stream
      queries[place].moment = moment
      queries[place].words = lines[place].words
    }
  }

  private func line(_ prepared: PreparedQuery) -> StreamLearner.Line {
    let (tweet, teaching) = (prepared.query.tweet, prepared.query.teaching)
    let words = Lesson.words(TweetWords.find(in: tweet.text), text: tweet.text)
    guard teaching.isWanted else { return StreamLearner.Line(words: words, time: teaching.time) }
    var lesson = Lesson()
    lesson.words = words
    lesson.time = teaching.time
    if !tweet.hashtags.isEmpty, !tweet.text.isEmpty {
      lesson.hashtags = Array(tweet.hashtags.prefix(Lesson.maximumHashtags))
      lesson.vector = vector(of: prepared)
      // 0 means that there is no author.
      lesson.author = teaching.author.map { max(1, XXH64.hash(Array($0.utf8))) }
      (lesson.identifier, lesson.text) = (teaching.identifier, teaching.text)
    }
    return StreamLearner.Line(words: words, time: teaching.time, lesson: lesson)
  }

  /// Of the tweet alone; of its replies for a tweet without text, which asks the stream but teaches it nothing.
  private func vector(of prepared: PreparedQuery) -> QuantizedRow {
    if encoders == nil { return QuantizedRow([0]) }
    return QuantizedRow(prepared.query.tweet.text.isEmpty ? prepared.embeddings.retriever : prepared.embeddings.tweet)
  }

  /// The evidence that the stream has for a tweet; nil without learning.
  func streamEvidence(of prepared: PreparedQuery, _ scratch: StreamScratch) -> StreamEvidence? {
    guard let stream = prepared.stream, let moment = prepared.moment else { return nil }
    return stream.evidence(
      for: StreamQuery(vector: vector(of: prepared), words: prepared.words), at: moment, scratch)
  }
}
