// SPDX-License-Identifier: Apache-2.0

import Generation
import Learning
import ModelFile
import Ranking
import Retrieval
import Transformer

extension MemoryPlan {
  /// Plans for opened files. Reads only their tables and the networks' shapes.
  ///
  /// - Parameters:
  ///   - learning: the options of learning from a stream; nil without learning.
  ///   - explain: whether answers name the nearest tweets, which unpacks the identifiers.
  ///   - started: the program's resident bytes right after its start.
  /// - Throws: `NetworkError` or `GenerationError` if the model lacks a network, `ContainerError` if its shapes do not fit.
  package init(
    model: ContainerFile, index: ContainerFile, options: RecommenderOptions, learning: LearningOptions? = nil, threads: Int,
    explain: Bool, started: Int
  ) throws {
    let options = try options.resolved(for: Ranker(model: model, options: options))
    let hasEncoders = TweetEncoders.missing(from: model).isEmpty
    let needsRetriever = hasEncoders && options.retriever != .bm25
    let hasGenerator = options.generation.method != .off
    let networks = [
      (needsRetriever, ModelLayout.retriever), (hasEncoders, ModelLayout.selector), (hasGenerator, ModelLayout.generator),
    ].filter(\.0).map(\.1)
    let parts = model.footprint(of: networks)
    let searched = CorpusIndex.footprint(of: index, vectors: options.retriever != .bm25, identifiers: explain)
    self.init(
      model: (model.isMapped ? parts.touched : model.fileSize) + parts.copied,
      index: index.isMapped ? searched.touched : index.fileSize,
      started: started)
    tables =
      (parts.unpacked + searched.unpacked) * Self.tableFactor + model.metadata.footprint + index.metadata.footprint
    worker = Self.threadOverhead + (try Self.scratch(of: model, options: options))
    self.threads = threads
    if let learning {
      let dimension = hasEncoders ? try SentenceEncoder(file: model, name: ModelLayout.retriever).size : 1
      learned = LearnedStream.footprint(rows: learning.rows, dimension: dimension)
      // Each thread keeps a number for every live row.
      worker += learning.rows * MemoryLayout<Int32>.stride
    }
  }

  /// The arena bytes of one thread, as in `Recommender.makeWorkspace`. A batch of tweets takes no more than the longest
  /// input.
  private static func scratch(of model: ContainerFile, options: RecommenderOptions) throws -> Int {
    var scratch = 0
    if TweetEncoders.missing(from: model).isEmpty {
      for name in ModelLayout.encoders {
        scratch = max(scratch, try SentenceEncoder(file: model, name: name).scratch)
      }
    }
    return max(scratch, try GeneratorKind.scratch(of: model, options: options.generation))
  }

  /// Throws if the plan needs more than `limit` bytes; the error suggests options that fit.
  ///
  /// - Parameter withoutGenerator: the same plan with `--no-generator`; nil if this plan has no generator.
  package func check(limit: Int, withoutGenerator: MemoryPlan? = nil) throws(MemoryError) {
    if total <= limit { return }
    var remedies: [MemoryError.Remedy] = []
    if let plan = fitting(limit) {
      remedies.append(MemoryError.Remedy(options: "--threads \(plan.threads)", total: plan.total))
    }
    if let plan = withoutGenerator?.fitting(limit) {
      let fewer = plan.threads < threads ? "--threads \(plan.threads) " : ""
      remedies.append(MemoryError.Remedy(options: fewer + "--no-generator", total: plan.total))
    }
    throw MemoryError(limit: limit, plan: self, remedies: remedies)
  }
}

extension ContainerFile {
  /// The bytes that the given networks of a model use.
  ///
  /// `touched` counts the sections, each once; `unpacked` counts their compressed texts (vocabularies and the ranking)
  /// after unpacking; `copied` counts the copies that linear layers make of matrices from older models.
  fileprivate func footprint(of networks: [String]) -> (touched: Int, unpacked: Int, copied: Int) {
    let foreign = ModelLayout.networks.filter { !networks.contains($0) }
    var used: [Int: Section] = [:]
    var copied = 0
    let names = sections.map(\.name) + aliases.keys
    for name in names where !foreign.contains(where: { name.hasPrefix(ModelLayout.prefix(of: $0)) }) {
      guard let section = section(name) else { continue }
      used[section.offset] = section
      if section.type == .int8, section.shape.count == 2, name.hasSuffix(".weight") { copied += section.size }
    }
    // A ranking is read by way of a JSON value, in which each of its short numbers takes more bytes than in the text.
    let cold = used.values.filter(\.isCompressed).map { $0.name == ModelLayout.ranking ? 2 * $0.size : $0.size }
    return (used.values.reduce(0) { $0 + $1.storedSize }, cold.reduce(0, +), copied)
  }
}
