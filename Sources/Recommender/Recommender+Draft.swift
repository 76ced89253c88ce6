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
    /// Of the tweet and its replies.
    var retriever: [Float] = []
    var selector: [Float] = []
    /// The retriever's of the tweet alone, which the stream learns.
    var tweet: [Float] = []
  }

  /// A tweet with its embeddings and the state of the stream at its line.
  struct PreparedQuery: Sendable {
    let query: Query
    let embeddings: Embeddings
    var stream: LearnedStream?
    var moment: LearnedStream.Moment?
    /// The tweet's words, as the stream knows them.
    var words: [Lesson.Word] = []
    /// Whether only words can find its neighbours; see ``TweetEncoders/canRead(_:)``.
    let isByWordsAlone: Bool

    init(_ query: Query, _ embeddings: Embeddings, isByWordsAlone: Bool) {
      (self.query, self.embeddings, self.isByWordsAlone) = (query, embeddings, isByWordsAlone)
    }
  }

  func embed(_ queries: [Query], arena: Arena) throws(TensorError) -> [Embeddings] {
    var embeddings = [Embeddings](repeating: Embeddings(), count: queries.count)
    guard let encoders else { return embeddings }
    let places = queries.indices.filter { !queries[$0].context.isEmpty }
    let conversations = places.map { queries[$0] }
    if search.needsEmbedding || options.learns {
      let vectors = try embed(conversations, with: .retriever, encoders, arena: arena)
      for (place, vector) in zip(places, vectors) { (embeddings[place].retriever, embeddings[place].tweet) = vector }
    }
    guard options.selector else { return embeddings }
    if search.needsEmbedding || options.learns, encoders.isOneNetwork {
      for place in places { embeddings[place].selector = embeddings[place].retriever }
    } else {
      let vectors = try embed(conversations, with: .selector, encoders, arena: arena)
      for (place, vector) in zip(places, vectors) { embeddings[place].selector = vector.fused }
    }
    return embeddings
  }

  /// The vectors of tweets with their replies, and of the tweets alone. All texts are one batch.
  private func embed(
    _ queries: [Query], with network: TweetEncoders.Network, _ encoders: TweetEncoders, arena: Arena
  ) throws(TensorError) -> [(fused: [Float], tweet: [Float])] {
    let parts = queries.map { ReplyParts.of($0.replies.map(\.text)) }
    let texts = zip(queries, parts).flatMap { query, parts in (query.tweet.text.isEmpty ? [] : [query.tweet.text]) + parts }
    let vectors = try encoders.embed(texts, with: network, arena: arena)
    var next = 0
    return zip(queries, parts).map { query, parts in
      let tweet = query.tweet.text.isEmpty ? nil : vectors[next]
      let first = next + (tweet == nil ? 0 : 1)
      next = first + parts.count
      return (ReplyParts.fuse(tweet: tweet, replies: vectors[first..<next]), tweet ?? [])
    }
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
      embedding: embeddings.retriever, words: QueryWords(query).weights, byWordsAlone: prepared.isByWordsAlone,
      excluding: statistics.excludedRows)
    return draft(
      query, statistics, selector: prepared.isByWordsAlone ? [] : embeddings.selector, neighbours, topic: topic(embeddings),
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
      tweet: query.tweet, replies: query.replies, index: index, statistics: statistics, selector: index.relevanceQuery(selector),
      neighbours: neighbours, encoders: encoders, topic: topic, stream: stream, event: event)
    let hints = generator == nil ? [] : RightSelection.best(evidence.retrieved, count: options.hints).map(index.normal)
    var draft = Draft(
      set: CandidateSet(evidence, from: sources.beforeGenerator),
      input: GeneratorInput(
        hashtags: hints, text: query.context, noiseKey: query.noiseKey, post: query.tweet.text,
        conversation: query.replies.map(\.text)))
    draft.answer.neighbours = neighbours.map { Recommendation.Neighbour(row: $0.row, similarity: $0.similarity) }
    return draft
  }

  /// The log-odds that a tweet speaks of a disaster; 0 if the ranking does not ask, or without encoders.
  private func topic(_ embeddings: Embeddings) -> Double {
    let embedding = embeddings.retriever.isEmpty ? embeddings.selector : embeddings.retriever
    return embedding.isEmpty ? 0 : ranker.topic?.logOdds(embedding) ?? 0
  }
}
