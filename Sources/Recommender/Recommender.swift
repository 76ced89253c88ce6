// SPDX-License-Identifier: Apache-2.0

import Generation
import Learning
import ModelFile
import Ranking
import Retrieval
import Tensors
import Text
import Transformer

/// Recommends hashtags for tweets: normal form, retrieval, selection, generation, ranking.
///
/// A recommender is immutable and safe to share between threads. Each thread needs its own ``Workspace``.
///
///     let recommender = try Recommender(model: model, index: index, options: RecommenderOptions())
///     let workspace = recommender.makeWorkspace()
///     let answer = try recommender.recommend(Query(text: "Bridge out near Aluva"), in: workspace)
package final class Recommender: Sendable {
  /// Nil for a model without encoders, which only BM25 can use.
  let encoders: TweetEncoders?
  package let index: CorpusIndex
  package let options: RecommenderOptions
  package let ranker: Ranker
  let search: NeighbourSearch
  /// Nil without an event card.
  let event: EventTags?
  let generator: (any HashtagWriter)?
  let sources: CandidateSources
  /// Nil without a time budget.
  let budget: TimeBudget?

  /// The scratch memory of one thread.
  package final class Workspace {
    let arena: Arena
    let scratch = StreamScratch()

    init(capacity: Int) { arena = Arena(capacity: capacity) }
  }

  /// - Parameter sources: the sources of candidates besides the generator.
  /// - Throws: `NetworkError` if the model lacks a network, `ContainerError` if it is damaged, `RetrievalError` if another
  ///   model built the index or the index does not support the retriever.
  package init(
    model: ContainerFile, index: CorpusIndex, options: RecommenderOptions, sources: CandidateSources = CandidateSources()
  ) throws {
    search = try NeighbourSearch(index: index, retriever: options.retriever, count: options.neighbours)
    let isWithoutEncoders = options.retriever == .bm25 && TweetEncoders.missing(from: model).count == 2
    encoders = isWithoutEncoders ? nil : try TweetEncoders(model: model)
    try index.checkNormalForm()
    if let encoders { try index.check(model: model, dimension: encoders.size) }
    self.index = index
    self.sources = sources
    event = options.event.map { EventTags($0, affixes: index.affixes) }
    ranker = try Ranker(model: model, options: options, embeddingSize: encoders?.size)
    let options = options.resolved(for: ranker)
    self.options = options
    let writer = try GeneratorKind.writer(
      of: model, tokenizers: encoders?.tokenizers ?? [:], options: options.generation)
    if let writer { try model.checkScratch(writer.scratch) }
    generator = writer
    budget = options.budget.map { TimeBudget(limit: $0, ladder: writer?.ladder ?? []) }
  }

  /// Makes the scratch memory of one thread, large enough for the longest input of every network.
  package func makeWorkspace() -> Workspace {
    Workspace(capacity: max(encoders?.scratch ?? 0, generator?.scratch ?? 0))
  }

  /// Recommends hashtags for a tweet. A tweet without text gets only the hashtags that were typed in it.
  ///
  /// - Throws: `TensorError`; a checked model cannot cause one.
  package func recommend(_ query: Query, in workspace: Workspace) throws(TensorError) -> Recommendation {
    var pace = budget.map { Pace($0) }
    var answer = try recommend([query], pace: &pace, in: workspace)[0]
    answer.budget = pace?.end()
    return answer
  }

  /// Recommends hashtags for a tweet with the help of a stream, and teaches the stream the tweet.
  func recommend(
    _ query: Query, from learner: StreamLearner, in workspace: Workspace
  ) throws(TensorError) -> Recommendation {
    var pace = budget.map { Pace($0) }
    var prepared = try prepare([query], in: workspace)
    learn(&prepared, from: learner)
    var answer = try answer(prepared, pace: &pace, in: workspace)[0]
    answer.budget = pace?.end()
    return answer
  }

  /// Encodes tweets.
  func prepare(_ queries: [Query], in workspace: Workspace) throws(TensorError) -> [PreparedQuery] {
    zip(queries, try embed(queries, arena: workspace.arena)).map { query, embeddings in
      let isReadable = !index.hasWords || encoders?.canRead(query.tweet.text) ?? true
      return PreparedQuery(query, embeddings, isByWordsAlone: !isReadable)
    }
  }

  /// Recommends hashtags for several tweets, which the encoders process as one batch.
  ///
  /// A time budget applies to each tweet, so with a budget the tweets are answered one after the other.
  package func recommend(_ queries: [Query], in workspace: Workspace) throws(TensorError) -> [Recommendation] {
    if budget == nil {
      var pace: Pace?
      return try recommend(queries, pace: &pace, in: workspace)
    }
    var answers: [Recommendation] = []
    for query in queries { answers.append(try recommend(query, in: workspace)) }
    return answers
  }

  /// - Parameter pace: the clock of a single tweet with a budget.
  func recommend(
    _ queries: [Query], pace: inout Pace?, in workspace: Workspace
  ) throws(TensorError) -> [Recommendation] {
    try answer(prepare(queries, in: workspace), pace: &pace, in: workspace)
  }

  /// Answers tweets from their embeddings.
  func answer(
    _ queries: [PreparedQuery], pace: inout Pace?, in workspace: Workspace
  ) throws(TensorError) -> [Recommendation] {
    var drafts = queries.map { draft($0, workspace.scratch) }
    if let generator {
      let places = drafts.indices.filter { drafts[$0].input != nil }
      let written = try generator.write(places.compactMap { drafts[$0].input }, within: &pace, arena: workspace.arena)
      for (place, hashtags) in zip(places, written) { drafts[place].add(generated: hashtags) }
    }
    return queries.indices.map { place in
      drafts[place].finish(sources)
      var answer = drafts[place].answer
      answer.learns = options.learns
      answer.hashtags = rank(
        answer.candidates, by: queries[place].isByWordsAlone && options.ranking == .learned ? .fixed : ranker,
        count: queries[place].query.count ?? options.count, stream: drafts[place].set.evidence.stream)
      return answer
    }
  }

  /// Ranks the candidates that pass the filter, best first, and cuts the list.
  ///
  /// The threshold sets the length of the list; without one, a calibrated ranking chooses the length with the largest
  /// expected F1, and no hashtag at all if even that expects too little. Ties go to the more frequent hashtag, then to the lower normal form, so that the order is the same
  /// everywhere.
  ///
  /// - Parameter ranker: the recommender's; where the encoders cannot read the tweet, the fixed one, because the learned one trusts them.
  private func rank(
    _ candidates: [Candidate], by ranker: Ranker, count: Int, stream: StreamEvidence?
  ) -> [Recommendation.Hashtag] {
    let permitted = candidates.filter { options.filter.passes($0.normal) && stream?.isDenied($0.normal) != true }
    let scores = ranker.scores(permitted.map { ($0.features, $0.writtenPlace) })
    let scored = zip(permitted, scores).compactMap { candidate, score in score.map { (candidate, $0) } }
    var best = scored.sorted { a, b in
      if a.1.order != b.1.order { return a.1.order > b.1.order }
      let (x, y) = (a.0.features[.frequency], b.0.features[.frequency])
      if x != y { return x > y }
      return a.0.normal.utf8.lexicographicallyPrecedes(b.0.normal.utf8)
    }
    var count = count
    if let threshold = options.threshold {
      best.removeAll { $0.1.probability < threshold }
    } else if ranker.isCalibrated {
      let expected = ExpectedF1(best.map(\.1.probability), atMost: count)
      let isSilent = best.first.flatMap { ranker.silence?.applies(expectedF1: expected.value, $0.0.features) } ?? false
      count = isSilent ? 0 : expected.length
    }
    return best.prefix(count).map { candidate, score in
      Recommendation.Hashtag(
        tag: candidate.display, score: score.probability, sources: candidate.sources, features: candidate.features)
    }
  }
}

extension HashtagWriter {
  /// Writes within the time budget, if there is one.
  fileprivate func write(
    _ inputs: [GeneratorInput], within pace: inout Pace?, arena: Arena
  ) throws(TensorError) -> [[GeneratedHashtag]] {
    guard var clock = pace else { return try write(inputs, arena: arena) }
    defer { pace = clock }
    var written: [[GeneratedHashtag]] = []
    for input in inputs { written.append(try write(input, pace: &clock, arena: arena)) }
    return written
  }
}
