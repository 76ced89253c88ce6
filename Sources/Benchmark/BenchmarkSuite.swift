// SPDX-License-Identifier: Apache-2.0

import Generation
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System
import Tensors

/// The kinds of work to measure, and their sizes.
package struct BenchmarkOptions: Sendable {
  package var works = Set(Work.allCases)
  /// Tokens per encoded sequence.
  package var tokens = [16, 32, 64]
  package var batches = [1, 32]
  /// Denoising steps.
  package var steps = [1, 10]
  /// Beams of an autoregressive generator.
  package var beams = [1, 4]
  package var sourceTokens = 48
  package var newTokens = 16
  /// Rows that a search re-ranks; nil for the default.
  package var depth: Int?
  /// Lists that a search reads, in an index with lists; nil for the default.
  package var probes: Int?
  /// Embeddings to search for instead of those of the tweets, d components each; and the identifiers of the exact nearest
  /// rows of each, if they are known.
  package var queries: [[Float]]?
  package var truth: [[Int]]?
  package var threads = 1
  package var stopwatch = Stopwatch(warmUp: 2, repetitions: 10)
  package var tweets = SampleTweets.all

  package init() {}
}

/// Measures a model and, with an index, the whole path of a tweet. Parts that the model lacks are left out.
package struct BenchmarkSuite {
  let model: ContainerFile
  let index: ContainerFile?
  let recommenderOptions: RecommenderOptions
  var generation: GenerationOptions { recommenderOptions.generation }
  let options: BenchmarkOptions
  /// Called before every row.
  private let progress: (_ row: String) -> Void

  package init(
    model: ContainerFile, index: ContainerFile?, recommenderOptions: RecommenderOptions, options: BenchmarkOptions,
    progress: @escaping (String) -> Void = { _ in }
  ) {
    (self.model, self.index, self.recommenderOptions, self.options, self.progress) = (
      model, index, recommenderOptions, options, progress
    )
  }

  package var hasIndex: Bool { index != nil }

  /// - Parameter command: the path of this program and the arguments with which it answers lines with the same files; nil
  ///   skips the work that needs a separate process.
  /// - Throws: `ContainerError`, `NetworkError` or `RetrievalError` for files that do not fit, `TensorError` for sizes that
  ///   the networks do not accept, `SystemCallError`, or `NoAnswer`.
  package func run(command: (executable: String, arguments: [String])?) throws -> BenchmarkReport {
    let machine = Machine()
    var rows: [BenchmarkRow] = []
    var memory: MemoryUse?
    if let index, let command, wants(.start) {
      let start = try start(command, index: index)
      rows.append(start.row)
      memory = start.memory
    }
    if wants(.encode) { rows += try encode() }
    if wants(.generate) { rows += try generate() }
    if let index, [.search, .select, .tweet, .throughput].contains(where: options.works.contains) {
      rows += try tweets(CorpusIndex(file: index))
    }
    return BenchmarkReport(rows: rows, memory: memory, machine: machine, stopwatch: options.stopwatch)
  }

  func wants(_ work: Work) -> Bool {
    guard options.works.contains(work) else { return false }
    progress(work.rawValue)
    return true
  }

  /// Measures starts that each answer one tweet, then the memory of one process that answers all tweets.
  private func start(
    _ command: (executable: String, arguments: [String]), index: ContainerFile
  ) throws -> (row: BenchmarkRow, memory: MemoryUse) {
    let series = try options.stopwatch.measure(.children) {
      var process = try FreshProcess(command.executable, command.arguments)
      let isAnswered = try process.answer(options.tweets[0])
      guard process.finish(), isAnswered else { throw NoAnswer() }
    }
    var process = try FreshProcess(command.executable, command.arguments)
    for tweet in options.tweets {
      guard try process.answer(tweet) else { throw NoAnswer() }
    }
    func part(_ file: ContainerFile) -> (Int, Int) {
      (file.fileSize, ProcessMemory.resident(of: SystemCalls.resolved(file.path) ?? file.path, in: process.number))
    }
    let memory = MemoryUse(peak: ProcessMemory.peak(of: process.number), model: part(model), index: part(index))
    guard process.finish() else { throw NoAnswer() }
    return (BenchmarkRow(.start, [], series), memory)
  }

  /// Measures what needs both files: search, selection, and the whole path of a tweet.
  private func tweets(_ index: CorpusIndex) throws -> [BenchmarkRow] {
    let recommender = try Recommender(model: model, index: index, options: recommenderOptions)
    let workspace = recommender.makeWorkspace()
    let queries = options.tweets.map { Query(text: $0) }
    let count = max(1, recommenderOptions.neighbours)
    // Denoising steps, if a generator runs.
    let steps = recommender.options.generation.method == .off ? [] : [("steps", generation.sampling.steps)]
    var rows: [BenchmarkRow] = []

    if !TweetEncoders.missing(from: model).isEmpty {
      // Without encoders only words can be searched; `tweet` and `throughput` include that.
    } else {
      let embedded = try queries.map { ($0, try recommender.embedding(of: $0, in: workspace)) }
      if wants(.search) { rows.append(try search(index, options.queries ?? embedded.map(\.1))) }
      if wants(.select) {
        let found = embedded.map { ($0, $1, index.search($1, count: count)) }
        let series = options.stopwatch.measure(each: found) { query, embedding, neighbours in
          _ = recommender.candidates(for: query, embedding: embedding, neighbours: neighbours)
        }
        rows.append(BenchmarkRow(.select, [("hashtags", index.hashtagCount)], series))
      }
    }
    if wants(.tweet) {
      let series = try options.stopwatch.measure(each: queries) { _ = try recommender.recommend($0, in: workspace) }
      rows.append(BenchmarkRow(.tweet, steps, series))
    }
    if wants(.throughput) {
      let batches = BatchRecommender(recommender, threads: options.threads)
      let series = try options.stopwatch.measure(.threads(options.threads)) { _ = try batches.recommend(queries) }
      rows.append(
        BenchmarkRow(
          .throughput, steps + [("tweets", queries.count)], threads: options.threads,
          units: queries.count, series))
    }
    return rows
  }

  private func search(_ index: CorpusIndex, _ queries: [[Float]]) throws -> BenchmarkRow {
    let count = max(1, recommenderOptions.neighbours)
    let depth = options.depth ?? CorpusIndex.defaultDepth(count: count)
    func search(_ query: [Float]) -> [Neighbour] { index.search(query, count: count, depth: depth, probes: options.probes) }
    let series = options.stopwatch.measure(each: queries) { _ = search($0) }
    var row = BenchmarkRow(.search, [("rows", index.rowCount), ("top", count), ("depth", depth)], series)
    if let probes = options.probes { row.sizes.append(("probes", probes)) }
    if let truth = options.truth {
      var hits = 0
      for (query, nearest) in zip(queries, truth) {
        // As many as the truth holds: with 10 known rows, this is recall at 10.
        let found = try search(query).prefix(nearest.count).map { try index.identifier(ofRow: $0.row) }
        hits += Set(found).intersection(nearest.flatMap { [String($0), RowName.made(Int($0))] }).count
      }
      row.recall = Double(hits) / Double(max(1, truth.reduce(0) { $0 + $1.count }))
    }
    return row
  }
}

/// The separate process of the program ended without an answer.
package struct NoAnswer: Error, CustomStringConvertible {
  package var description: String { "the benchmark started the program again, and it ended without an answer" }
}
