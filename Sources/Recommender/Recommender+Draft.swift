// SPDX-License-Identifier: Apache-2.0

import Generation
import Retrieval
import Tensors
import Text

/// The way of a tweet up to the generator.
extension Recommender {
  /// A tweet's embeddings, empty where they are not needed.
  struct Embeddings {
    var retriever: [Float] = []
    var selector: [Float] = []
  }

  func embed(_ queries: [Query], arena: Arena) throws(TensorError) -> [Embeddings] {
    var embeddings = [Embeddings](repeating: Embeddings(), count: queries.count)
    guard let encoders else { return embeddings }
    let places = queries.indices.filter { !queries[$0].context.isEmpty }
    let contexts = places.map { queries[$0].context }
    if search.needsEmbedding {
      let vectors = try encoders.embed(contexts, with: .retriever, arena: arena)
      for (place, vector) in zip(places, vectors) { embeddings[place].retriever = vector }
    }
    guard options.selector else { return embeddings }
    if search.needsEmbedding, encoders.isOneNetwork {
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
    /// What the generator is told; nil for a tweet without text.
    var input: GeneratorInput?

    /// No more candidates come.
    mutating func finish(_ encoders: TweetEncoders?) {
      let nearest = Double(answer.neighbours.map(\.similarity).max() ?? 0)
      let measured = input == nil ? nil : encoders
      set.finish(nearestSimilarity: nearest) { measured?.pieces(of: $0) ?? 0 }
      answer.candidates = set.candidates
    }
  }

  /// Retrieval and selection.
  func draft(_ query: Query, _ embeddings: Embeddings) -> Draft {
    let statistics = CorpusStatistics(index: index, excluding: query.excludedRows)
    guard !query.context.isEmpty else {
      var set = CandidateSet(index: index, statistics: statistics, selector: nil)
      set.add(typed: query.tweet.hashtags)
      return Draft(set: set)
    }
    let neighbours = search.find(
      embedding: embeddings.retriever, words: TweetWords.find(in: query.context), excluding: statistics.excludedRows)
    let selector = index.relevanceQuery(embeddings.selector)
    let retrieved = RightSelection.gather(neighbours, index: index, statistics: statistics, selector: selector)
    var set = CandidateSet(index: index, statistics: statistics, selector: selector)
    set.add(retrieved: retrieved)
    set.addSelected()
    set.add(wordsOf: query.tweet.text)
    set.add(typed: query.tweet.hashtags)
    let hints = generator == nil ? [] : RightSelection.best(retrieved, count: options.hints).map(index.normal)
    var draft = Draft(set: set, input: GeneratorInput(hashtags: hints, text: query.context, line: query.noiseKey))
    draft.answer.neighbours = neighbours.map { Recommendation.Neighbour(row: $0.row, similarity: $0.similarity) }
    return draft
  }
}
