// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diffusion
import Generation
import Ranking
import Recommender

/// How a tweet is answered, part by part: what ablations and comparisons change.
struct ResearchOptions: ParsableArguments {
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
    help:
      "Noise of a generator of kind seqdiffuseq: as its reference implementation draws it (reference), or as its posterior says (corrected)."
  )
  var variance = SeqDiffuSeqOptions.Variance.reference

  func validate() throws {
    try checkRanges([
      ("--neighbours", neighbours, 0...1000), ("--hints", hints, 0...20), ("--steps", steps, 1...100_000),
      ("--candidates", candidates, 1...64), ("--beams", beams ?? 1, 1...20),
    ])
    if rank == .generated, generator == .off { throw ValidationError("--rank generated needs a generator.") }
    if let lengthPenalty, !(-16...16).contains(lengthPenalty) {
      throw ValidationError("--length-penalty must be from -16 to 16.")
    }
    if !(0...1).contains(temperature) { throw ValidationError("--temperature must be from 0 to 1.") }
  }

  /// Throws a usage error where the options of daily use say the opposite.
  func check(with speed: SpeedOptions) throws {
    guard speed.withoutGenerator else { return }
    if let generator, generator != .off { throw ValidationError("--no-generator and --generator contradict each other.") }
    if rank == .generated { throw ValidationError("--rank generated needs a generator.") }
  }

  var generation: GenerationOptions {
    var options = GenerationOptions(method: generator)
    options.beams = beams
    options.lengthPenalty = lengthPenalty
    options.sampling = SamplingOptions(
      sampler: sampler, steps: steps, temperature: temperature, seed: seed, candidates: candidates, earlyStop: earlyStop,
      clamp: clamp, choice: choose, variance: variance)
    options.sampling.selfConditioning = selfConditioning
    options.sampling.finalPass = finalPass
    return options
  }
}

extension RecommenderOptions {
  init(_ hashtags: HashtagOptions, _ speed: SpeedOptions, _ research: ResearchOptions) throws {
    self.init()
    count = hashtags.count
    threshold = hashtags.threshold
    filter = try hashtags.filter()
    budget = speed.budget.map { .seconds($0 / 1000) }
    retriever = research.retriever
    neighbours = research.neighbours
    selector = research.selector
    hints = research.hints
    ranking = research.rank
    generation = research.generation
    if speed.withoutGenerator { generation.method = .off }
  }
}
