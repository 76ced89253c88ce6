// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diffusion
import Generation
import LineProtocol
import ModelFile
import Ranking
import Recommender
import Retrieval
import Tensors

extension AnswerFormat: ExpressibleByArgument {}
extension MemorySize: ExpressibleByArgument {
  package init?(argument: String) { self.init(argument) }
}
extension SamplingOptions.Sampler: ExpressibleByArgument {}
extension Retriever: ExpressibleByArgument {}
extension GenerationMethod: ExpressibleByArgument {}
extension RankingMethod: ExpressibleByArgument {}
extension CandidateChoice: ExpressibleByArgument {}
extension SeqDiffuSeqOptions.Variance: ExpressibleByArgument {}

/// Which model file.
struct ModelOption: ParsableArguments {
  @Option(help: ArgumentHelp("Model file (default: assigner.model, found by itself).", valueName: "file"), completion: .file())
  var model: String?

  func path() throws -> String {
    guard let path = model ?? DefaultFiles.find(DefaultFiles.modelName) else {
      throw MissingFile(what: "model", option: "--model", name: DefaultFiles.modelName)
    }
    return path
  }

  func open(mapping: Bool = true) throws -> ContainerFile {
    try InstructionSet.check()
    return try openFile(path(), kind: .model, mapping: mapping)
  }
}

/// Which corpus index.
struct IndexOption: ParsableArguments {
  @Option(help: ArgumentHelp("Corpus index (default: assigner.index, found by itself).", valueName: "file"), completion: .file())
  var index: String?

  func path() throws -> String {
    guard let path = index ?? DefaultFiles.find(DefaultFiles.indexName) else {
      throw MissingFile(what: "index", option: "--index", name: DefaultFiles.indexName)
    }
    return path
  }

  func open(mapping: Bool = true) throws -> ContainerFile {
    try openFile(path(), kind: .index, mapping: mapping)
  }
}

/// How files come into memory.
struct FileOption: ParsableArguments {
  @Flag(
    name: .customLong("no-mmap"),
    help: "Read model and index into memory instead of mapping them, as is done by itself where a map is refused.")
  var withoutMap = false
}

/// Opens a file, and says on stderr where it should have been mapped and had to be read.
private func openFile(_ path: String, kind: FileKind, mapping: Bool) throws(ContainerError) -> ContainerFile {
  let file = try ContainerFile(path: path, kind: kind, mapping: mapping)
  if let refusal = file.mapRefusal {
    Descriptor.standardError.say("assigner: \(path): \(refusal); the whole file is read into memory instead\n")
  }
  return file
}

/// How many threads.
struct ThreadOption: ParsableArguments {
  @Option(help: ArgumentHelp("Threads (default: the processors this process may use).", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256.") }
  }

  var count: Int { threads ?? ProcessorCount.usable }
}

/// How a tweet goes its way: shared by answering and measuring.
struct WayOptions: ParsableArguments {
  @Option(name: [.customShort("k"), .customLong("k")], help: ArgumentHelp("Hashtags for a tweet, at most.", valueName: "n"))
  var count = 5

  @Option(
    help: ArgumentHelp(
      """
      Leave out hashtags with a lower score, from 0 to 1; 0 always gives k (default: as many as let expect the best F1, by \
      their scores).
      """, valueName: "score"))
  var threshold: Double?

  @Option(help: "How tweets are retrieved: by embeddings (dense), by words (bm25), or by both (hybrid).")
  var retriever = Retriever.dense

  @Option(help: ArgumentHelp("Tweets retrieved; 0 for no retrieval.", valueName: "n"))
  var neighbours = 30

  @Flag(inversion: .prefixedNo, help: "Let the selector compare the tweet with hashtags.")
  var selector = true

  @Option(help: ArgumentHelp("Retrieved hashtags that the generator is told.", valueName: "n"))
  var hints = 5

  @Option(
    help: "How the generator writes: by diffusion, piece by piece (ar), or none (default: the way it was trained for).")
  var generator: GenerationMethod?

  @Flag(
    name: .customLong("no-generator"),
    help: "The same as --generator none: rank retrieved hashtags and words of the tweet only, which is faster.")
  var withoutGenerator = false

  @Option(
    help: """
      What ranks: learned, a fixed formula (fixed), RIGHT's score of retrieved hashtags alone (right), or the generator's \
      order of its own hashtags alone (generated).
      """)
  var rank = RankingMethod.learned

  @Option(help: ArgumentHelp("With ar: sequences followed at once, 1 is greedy (default: the model's own).", valueName: "n"))
  var beams: Int?

  @Option(
    help: ArgumentHelp(
      "With ar: above 0 favours longer sequences, below 0 shorter ones (default: the model's own).", valueName: "x"))
  var lengthPenalty: Double?

  @Option(help: "How the generator denoises: ddim, dpm (DPM-Solver++), ancestral, or renoise.")
  var sampler = SamplingOptions.Sampler.ddim

  @Option(help: ArgumentHelp("Denoising steps; more take longer.", valueName: "n"))
  var steps = SamplingOptions().steps

  @Option(
    help: ArgumentHelp("What the noise is multiplied by: 1 draws a likely sequence, 0 seeks the likeliest.", valueName: "x"))
  var temperature = SamplingOptions().temperature

  @Option(help: ArgumentHelp("Seed of the generator's noise.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(inversion: .prefixedNo, help: "Round the prediction to its nearest pieces after every denoising step.")
  var clamp = SamplingOptions().clamp

  @Flag(inversion: .prefixedNo, help: "Stop denoising when two steps running come to the same pieces.")
  var earlyStop = SamplingOptions().earlyStop

  @Flag(inversion: .prefixedNo, help: "Give every denoising step the prediction of the one before.")
  var selfConditioning = SamplingOptions().selfConditioning

  @Flag(inversion: .prefixedNo, help: "Let a causal pass correct what was denoised.")
  var finalPass = SamplingOptions().finalPass

  @Option(
    help: ArgumentHelp(
      "Sequences that the generator draws from different noise; with ar, that its beams end with.", valueName: "n"))
  var candidates = 1

  @Option(
    help: """
      What is taken of several candidates: the hashtags of all, the first alone, the one most like the others by BLEU \
      (mbr), or every hashtag once by how many have it (votes).
      """)
  var choose = CandidateChoice.all

  @Option(
    help: ArgumentHelp(
      """
      Milliseconds that a tweet's answer may take: fewer denoising steps, then fewer candidates, then no generator, as fits; \
      answers then depend on the machine's speed.
      """, valueName: "ms"))
  var budget: Double?

  @Option(
    help:
      "Noise of a generator of kind seqdiffuseq: as its reference implementation draws it (reference), or as its posterior says (corrected)."
  )
  var variance = SeqDiffuSeqOptions.Variance.reference

  @Option(help: ArgumentHelp("Never recommend the hashtags in this file, one a line.", valueName: "file"), completion: .file())
  var deny: String?

  @Option(help: ArgumentHelp("Recommend only the hashtags in this file, one a line.", valueName: "file"), completion: .file())
  var allow: String?

  func validate() throws {
    for (name, value, range) in [
      ("-k", count, 1...Request.maximumCount), ("--neighbours", neighbours, 0...1000), ("--hints", hints, 0...20),
      ("--steps", steps, 1...100_000), ("--candidates", candidates, 1...64),
      ("--beams", beams ?? 1, 1...20),
    ] where !range.contains(value) {
      throw ValidationError("\(name) must be from \(range.lowerBound) to \(range.upperBound).")
    }
    if withoutGenerator, generator != nil, generator != .off {
      throw ValidationError("--no-generator and --generator contradict each other.")
    }
    if rank == .generated, withoutGenerator || generator == .off {
      throw ValidationError("--rank generated needs a generator.")
    }
    if let lengthPenalty, !(-16...16).contains(lengthPenalty) {
      throw ValidationError("--length-penalty must be from -16 to 16.")
    }
    if !(0...1).contains(temperature) { throw ValidationError("--temperature must be from 0 to 1.") }
    if let budget, !(0.1...3_600_000).contains(budget) { throw ValidationError("--budget must be from 0.1 to 3600000 ms.") }
    if let threshold, !(0...1).contains(threshold) { throw ValidationError("--threshold must be from 0 to 1.") }
  }

  var usesGenerator: Bool { !withoutGenerator && generator != .off }

  func options() throws -> RecommenderOptions {
    var options = RecommenderOptions()
    options.count = count
    options.threshold = threshold
    options.neighbours = neighbours
    options.hints = hints
    options.retriever = retriever
    options.selector = selector
    options.generation.method = withoutGenerator ? .off : generator
    options.ranking = rank
    options.generation.beams = beams
    options.generation.lengthPenalty = lengthPenalty
    var sampling = SamplingOptions(
      sampler: sampler, steps: steps, temperature: temperature, seed: seed, candidates: candidates, earlyStop: earlyStop,
      clamp: clamp, choice: choose, variance: variance)
    sampling.selfConditioning = selfConditioning
    sampling.finalPass = finalPass
    options.generation.sampling = sampling
    options.budget = budget.map { .seconds($0 / 1000) }
    options.filter = HashtagFilter(deny: try list(deny), allow: try list(allow))
    return options
  }

  private func list(_ path: String?) throws -> String? {
    guard let path else { return nil }
    guard let text = String(validating: try LineFile(path: path).contents, as: UTF8.self) else {
      throw CorpusError("\(path): the list is not UTF-8")
    }
    return text
  }
}
