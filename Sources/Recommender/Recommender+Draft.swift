// SPDX-License-Identifier: Apache-2.0

import Generation
import Learning
import Retrieval
import Tensors
import Text

/// The steps of an answer before the generator: embedding, retrieval and selection.
extension Recommender {
  /// A tweet's embeddings; empty if they are not needed.
  struct Embeddings: Sendable {
    var retriever: [Float] = []
    var selector: [Float] = []
  }

  /// A tweet with its embeddings and the state of the stream at its line.
  struct PreparedQuery: Sendable {
    let query: Query
    let embeddings: Embeddings
    var stream: LearnedStream?
    var moment: LearnedStream.Moment?
    /// The tweet's words, as the stream knows them.
    var words: [Lesson.Word] = []

    init(_ query: Query, _ embeddings: Embeddings) { (self.query, self.embeddings) = (query, embeddings) }
  }

  func embed(_ queries: [Query], arena: Arena) throws(TensorError) -> [Embeddings] {
    var embeddings = [Embeddings](repeating: Embeddings(), count: queries.count)
    guard let encoders else { return embeddings }
    let places = queries.indices.filter { !queries[$0].context.isEmpty }
    let contexts = places.map { queries[$0].context }
    if search.needsEmbedding || options.learns {
      let vectors = try encoders.embed(contexts, with: .retriever, arena: arena)
      for (place, vector) in zip(places, vectors) { embeddings[place].retriever = vector }
    }
    guard options.selector else { return embeddings }
    if search.needsEmbedding || options.learns, encoders.isOneNetwork {
      for place in places { embeddings[place].selector = embeddings[place].retriever }
    } else {
      let vectors = try encoders.embed(contexts, with: .selector, arena: arena)
      for (place, vector) in zip(places, vectors) { embeddings[place].selector = vector }
    }
    return embeddings
  }

  /// An answer that the generator may still add to.
  struct Draft {
    var answer = Recommendation()
    var set: CandidateSet
    /// The generator's input; nil for a tweet without text.
    var input: GeneratorInput?

    mutating func add(generated hashtags: [GeneratedHashtag]) {
      GeneratedCandidates(hashtags: hashtags).extract(into: &set)
    }

    /// Measures the features after the last candidate.
    mutating func finish(_ sources: CandidateSources) {
      set.measure(by: sources.features)
      answer.candidates = set.candidates
    }
  }

  /// Retrieves tweets, then selects candidates.
  func draft(_ prepared: PreparedQuery, _ scratch: StreamScratch) -> Draft {
    let (query, embeddings) = (prepared.query, prepared.embeddings)
    let statistics = CorpusStatistics(index: index, excluding: query.excludedRows)
    guard !query.context.isEmpty else {
      let evidence = TweetEvidence(tweet: query.tweet, index: index, statistics: statistics, event: event)
      return Draft(set: CandidateSet(evidence, from: sources.withoutText))
    }
    let neighbours = search.find(
      embedding: embeddings.retriever, words: TweetWords.find(in: query.context), excluding: statistics.excludedRows)
    return draft(
      query, statistics, selector: embeddings.selector, neighbours, topic: topic(embeddings),
      stream: streamEvidence(of: prepared, scratch))
  }

  /// Selects candidates.
  ///
  /// - Parameters:
  ///   - selector: the selector's embedding; empty without a selector.
  ///   - neighbours: the retrieved tweets, best first.
  ///   - topic: the log-odds that the tweet speaks of a disaster.
  ///   - stream: the stream's evidence; nil without learning.
  func draft(
    _ query: Query, _ statistics: CorpusStatistics, selector: [Float], _ neighbours: [Neighbour],
    topic: Double = 0, stream: StreamEvidence? = nil
  ) -> Draft {
    let evidence = TweetEvidence(
      tweet: query.tweet, index: index, statistics: statistics, selector: index.relevanceQuery(selector),
      neighbours: neighbours, encoders: encoders, topic: topic, stream: stream, event: event)
    let hints = generator == nil ? [] : RightSelection.best(evidence.retrieved, count: options.hints).map(index.normal)
    var draft = Draft(
      set: CandidateSet(evidence, from: sources.beforeGenerator),
      input: GeneratorInput(
        hashtags: hints, text: query.context, noiseKey: query.noiseKey, post: query.tweet.text, conversation: query.replies))
    draft.answer.neighbours = neighbours.map { Recommendation.Neighbour(row: $0.row, similarity: $0.similarity) }
    return draft
  }

  /// The log-odds that a tweet speaks of a disaster; 0 if the ranking does not ask, or without encoders.
  private func topic(_ embeddings: Embeddings) -> Double {
    let embedding = embeddings.retriever.isEmpty ? embeddings.selector : embeddings.retriever
    return embedding.isEmpty ? 0 : ranker.topic?.logOdds(embedding) ?? 0
  }
}
