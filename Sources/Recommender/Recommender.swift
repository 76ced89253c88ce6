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
///     let answer = try recommender.recommend(Query(text: "Bridge out near Aluva"), in: workspace)
public final class Recommender: Sendable {
  /// Nil for a model without them: BM25 needs none.
  let encoders: TweetEncoders?
  public let index: CorpusIndex
  public let options: RecommenderOptions
  public let ranking: Ranking
  private let search: NeighbourSearch
  private let generator: (any HashtagWriter)?
  /// Nil where answers may take what they take.
  let budget: TimeBudget?

  /// Scratch memory for one thread.
  public final class Workspace {
    let arena: Arena

    init(capacity: Int) { arena = Arena(capacity: capacity) }
  }

  /// - Throws: `NetworkError` where the model lacks a network, `ContainerError` where it is damaged, `RetrievalError`
  ///   where the index was made by another model or cannot be searched that way.
  public init(model: ContainerFile, index: CorpusIndex, options: RecommenderOptions) throws {
    search = try NeighbourSearch(index: index, retriever: options.retriever, count: options.neighbours)
    let isWithoutEncoders = options.retriever == .bm25 && TweetEncoders.missing(from: model).count == 2
    encoders = isWithoutEncoders ? nil : try TweetEncoders(model: model)
    if let encoders { try index.check(model: model, dimension: encoders.size) }
    self.index = index
    self.options = options
    let writer = try GeneratorKind.writer(of: model, tokenizers: encoders?.tokenizers ?? [:], options: options)
    generator = writer
    budget = options.budget.map { TimeBudget(limit: $0, ladder: writer?.ladder ?? []) }
    switch options.ranking {
    case .learned: ranking = try Self.learnedRanking(of: model).map(Ranking.learned) ?? .fixed
    case .fixed: ranking = .fixed
    case .right: ranking = .right
    case .generated: ranking = .generated
    }
  }

  private static func learnedRanking(of model: ContainerFile) throws -> RankingModel? {
    let section = "ranking"
    guard model.contains(section) else { return nil }
    do {
      return try RankingModel(json: model.json(section))
    } catch let error as RankingError {
      throw model.failure(.value("\(error)"), section: section)
    }
  }

  /// Scratch memory for one more thread, sized for the longest input of every network.
  public func makeWorkspace() -> Workspace {
    Workspace(capacity: max(encoders?.scratch ?? 0, generator?.scratch ?? 0))
  }

  /// Recommends hashtags for a tweet. A tweet without text gets none, unless some were typed.
  ///
  /// - Throws: `TensorError`, which a checked model cannot cause.
  public func recommend(_ query: Query, in workspace: Workspace) throws(TensorError) -> Recommendation {
    var pace = budget.map { Pace($0) }
    var answer = try recommend(query, pace: &pace, in: workspace)
    answer.budget = pace?.end()
    return answer
  }

  func recommend(_ query: Query, pace: inout Pace?, in workspace: Workspace) throws(TensorError) -> Recommendation {
    var answer = Recommendation()
    let statistics = CorpusStatistics(index: index, excluding: query.excludedRows)
    if query.context.isEmpty {
      var set = CandidateSet(index: index, statistics: statistics, selector: nil)
      set.add(typed: query.tweet.hashtags)
      set.finish(nearestSimilarity: 0)
      answer.candidates = set.candidates
    } else {
      try gather(query, statistics, into: &answer, pace: &pace, arena: workspace.arena)
    }
    answer.hashtags = rank(answer.candidates, count: query.count ?? options.count)
    return answer
  }

  /// Retrieval, selection and generation: fills in neighbours and candidates.
  private func gather(
    _ query: Query, _ statistics: CorpusStatistics, into answer: inout Recommendation, pace: inout Pace?, arena: Arena
  ) throws(TensorError) {
    var embedding: [Float] = []
    if search.needsEmbedding, let encoders {
      embedding = try encoders.embed(query.context, with: .retriever, arena: arena)
    }
    let neighbours = search.find(
      embedding: embedding, words: TweetWords.find(in: query.context), excluding: statistics.excludedRows)
    answer.neighbours = neighbours.map { Recommendation.Neighbour(row: $0.row, similarity: $0.similarity) }

    var selector: HashtagQuery?
    if let encoders, options.selector {
      if embedding.isEmpty || !encoders.isOneNetwork {
        embedding = try encoders.embed(query.context, with: .selector, arena: arena)
      }
      selector = index.relevanceQuery(embedding)
    }
    let retrieved = RightSelection.gather(neighbours, index: index, statistics: statistics, selector: selector)

    var set = CandidateSet(index: index, statistics: statistics, selector: selector)
    set.add(retrieved: retrieved)
    set.addSelected()
    set.add(wordsOf: query.tweet.text)
    set.add(typed: query.tweet.hashtags)
    if let generator {
      let hints = RightSelection.best(retrieved, count: options.hints).map(index.normal)
      set.add(
        generated: try generator.write(
          hashtags: hints, text: query.context, line: query.noiseKey, pace: &pace, arena: arena))
    }
    set.finish(nearestSimilarity: Double(neighbours.map(\.similarity).max() ?? 0)) { [encoders] in
      encoders?.pieces(of: $0) ?? 0
    }
    answer.candidates = set.candidates
  }

  /// The candidates that pass the lists, best first, as many as the threshold leaves, or as serve best. Of equal scores the
  /// more frequent hashtag, then the one whose normal form comes first, so that the order is the same everywhere.
  private func rank(_ candidates: [Candidate], count: Int) -> [Recommendation.Hashtag] {
    let scored = candidates.filter { options.filter.passes($0.normal) }.compactMap { candidate in
      ranking.score(candidate).map { (candidate, $0) }
    }
    var best = scored.sorted { a, b in
      if a.1.order != b.1.order { return a.1.order > b.1.order }
      let (x, y) = (a.0.features[.frequency], b.0.features[.frequency])
      if x != y { return x > y }
      return a.0.normal.utf8.lexicographicallyPrecedes(b.0.normal.utf8)
    }
    var count = count
    if let threshold = options.threshold {
      best.removeAll { $0.1.probability < threshold }
    } else if ranking.isCalibrated {
      count = ExpectedF1.length(best.map(\.1.probability), atMost: count)
    }
    return best.prefix(count).map { candidate, score in
      Recommendation.Hashtag(
        tag: candidate.display, score: score.probability, sources: candidate.sources, features: candidate.features)
    }
  }
}
