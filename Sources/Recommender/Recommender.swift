import ModelFile
import Retrieval
import Tensors
import Text

/// The way of a tweet, top to bottom (see DESIGN): normal form, retrieval, selection, generation, ranking.
///
/// Opened once, then immutable and safe to share between threads; each thread brings a ``Workspace``.
///
///     let recommender = try Recommender(model: model, index: index, options: RecommenderOptions())
///     let workspace = recommender.makeWorkspace()
///     let answer = try recommender.recommend(Query(text: "Bridge out near Aluva", line: 1), in: workspace)
public final class Recommender: Sendable {
  public let encoders: TweetEncoders
  public let index: CorpusIndex
  public let options: RecommenderOptions
  public let ranking: Ranking
  private let generator: HashtagGenerator?

  /// Scratch memory for one thread.
  public final class Workspace {
    let arena: Arena

    init(capacity: Int) { arena = Arena(capacity: capacity) }
  }

  /// - Throws: `ContainerError` where the model lacks something, `RetrievalError` where the index was made by another
  ///   model.
  public init(model: ContainerFile, index: CorpusIndex, options: RecommenderOptions) throws {
    encoders = try TweetEncoders(model: model)
    try index.check(model: model, dimension: encoders.size)
    self.index = index
    self.options = options
    generator = options.usesGenerator ? try HashtagGenerator(model: model, wordPiece: encoders.wordPiece) : nil
    ranking = try Self.ranking(of: model)
  }

  private static func ranking(of model: ContainerFile) throws -> Ranking {
    let section = "ranking"
    guard model.contains(section) else { return .fixed }
    do {
      return .learned(try RankingModel(json: model.json(section)))
    } catch let error as RankingError {
      throw model.failure(.value("\(error)"), section: section)
    }
  }

  /// Scratch memory for one more thread, sized for the longest input of every network.
  public func makeWorkspace() -> Workspace {
    Workspace(capacity: max(encoders.scratch, generator?.scratch ?? 0))
  }

  /// Recommends hashtags for a tweet. A tweet without text gets none, unless some were typed.
  ///
  /// - Throws: `TensorError`, which a checked model cannot cause.
  public func recommend(_ query: Query, in workspace: Workspace) throws(TensorError) -> Recommendation {
    var answer = Recommendation()
    let statistics = CorpusStatistics(index: index, excluding: query.excludedRows)
    if query.context.isEmpty {
      var set = CandidateSet(index: index, statistics: statistics, selector: nil)
      set.add(typed: query.tweet.hashtags)
      set.finish(nearestSimilarity: 0)
      answer.candidates = set.candidates
    } else {
      try gather(query, statistics, into: &answer, arena: workspace.arena)
    }
    answer.hashtags = rank(answer.candidates, count: query.count ?? options.count)
    return answer
  }

  /// Retrieval, selection and generation: fills in neighbours and candidates.
  private func gather(
    _ query: Query, _ statistics: CorpusStatistics, into answer: inout Recommendation, arena: Arena
  ) throws(TensorError) {
    let embedding = try encoders.embed(query.context, with: .retriever, arena: arena)
    let neighbours = index.search(embedding, count: options.neighbours, excluding: statistics.excludedRows)
    answer.neighbours = neighbours.map { Recommendation.Neighbour(row: $0.row, similarity: $0.similarity) }

    let selector = index.relevanceQuery(try encoders.embed(query.context, with: .selector, arena: arena))
    let retrieved = RightSelection.gather(neighbours, index: index, statistics: statistics, selector: selector)

    var set = CandidateSet(index: index, statistics: statistics, selector: selector)
    set.add(retrieved: retrieved)
    set.add(wordsOf: query.tweet.text)
    set.add(typed: query.tweet.hashtags)
    if let generator {
      let hints = RightSelection.best(retrieved, count: options.hints).map(index.normal)
      set.add(
        generated: try generator.write(
          hashtags: hints, text: query.context, line: query.line, options: options.sampling, arena: arena))
    }
    set.finish(nearestSimilarity: Double(neighbours.first?.similarity ?? 0))
    answer.candidates = set.candidates
  }

  /// The candidates that pass lists and threshold, best first. Of equal scores the more frequent hashtag, then the one
  /// whose normal form comes first, so that the order is the same everywhere.
  private func rank(_ candidates: [Candidate], count: Int) -> [Recommendation.Hashtag] {
    let scored = candidates.filter { options.filter.passes($0.normal) }.map { ($0, ranking.score($0.features)) }
    let best = scored.filter { $0.1.probability >= options.threshold }.sorted { a, b in
      if a.1.order != b.1.order { return a.1.order > b.1.order }
      let (x, y) = (a.0.features[.frequency], b.0.features[.frequency])
      if x != y { return x > y }
      return a.0.normal.utf8.lexicographicallyPrecedes(b.0.normal.utf8)
    }
    return best.prefix(count).map { candidate, score in
      Recommendation.Hashtag(
        tag: candidate.display, score: score.probability, sources: candidate.sources, features: candidate.features)
    }
  }
}
