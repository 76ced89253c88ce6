// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diffusion
import Generation
import Ranking
import Recommender

/// Options for ablations and comparisons: they change how each part of an answer is computed.
struct ResearchOptions: ParsableArguments {
  @Option(help: "Retrieve tweets by embeddings (dense), by words (bm25), or by both (hybrid).")
  var retriever = Retriever.dense

  @Option(help: ArgumentHelp("Tweets to retrieve; 0 turns retrieval off.", valueName: "n"))
  var neighbours = 30

  @Flag(inversion: .prefixedNo, help: "Use the selector, which compares the tweet with hashtags.")
  var selector = true

  @Option(help: ArgumentHelp("Retrieved hashtags in the generator's input.", valueName: "n"))
  var hints = 5

  @Option(
    help: """
      The generator's method: diffusion, autoregressive (ar), bi-attention, none, or auto: the method it was trained for, or \
      none if the model's ranking was fitted without a generator.
      """)
  var generator = GenerationMethod.auto

  @Option(
    help: """
      Rank by the learned ranking (learned), by a fixed formula (fixed), by RIGHT's score of retrieved hashtags only \
      (right), or by the generator's order of its own hashtags only (generated).
      """)
  var rank = RankingMethod.learned

  @Option(
    help: ArgumentHelp("With ar: beams of the beam search; 1 is greedy search (default: set by the model).", valueName: "n"))
  var beams: Int?

  @Option(
    help: ArgumentHelp(
      "With ar: above 0 favours longer sequences, below 0 shorter ones (default: set by the model).", valueName: "x"))
  var lengthPenalty: Double?

  @Option(help: "The diffusion sampler; dpm is DPM-Solver++.")
  var sampler = SamplingOptions.Sampler.ddim

  @Option(help: ArgumentHelp("Denoising steps.", valueName: "n"))
  var steps = SamplingOptions().steps

  @Option(
    help: ArgumentHelp(
      "Factor of the noise, 0 to 1: 1 samples the distribution, 0 seeks the most likely sequence.", valueName: "x"))
  var temperature = SamplingOptions().temperature

  @Option(help: ArgumentHelp("Seed of the generator's noise, and of eval --compare.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(inversion: .prefixedNo, help: "Round the prediction to the nearest tokens after every denoising step.")
  var clamp = SamplingOptions().clamp

  @Flag(inversion: .prefixedNo, help: "Stop denoising when two consecutive steps predict the same tokens.")
  var earlyStop = SamplingOptions().earlyStop

  @Flag(inversion: .prefixedNo, help: "Give each denoising step the prediction of the step before.")
  var selfConditioning = SamplingOptions().selfConditioning

  @Flag(inversion: .prefixedNo, help: "Correct the denoised sequence in a final causal pass.")
  var finalPass = SamplingOptions().finalPass

  @Option(
    help: ArgumentHelp(
      "Sequences to generate, each from different noise; with ar, the best sequences of the beam search.", valueName: "n"))
  var candidates = 1

  @Option(
    help: """
      Of several candidates, use the hashtags of all (all), only the first candidate (first), only the candidate most \
      similar to the others by BLEU (mbr), or the hashtags of all, ordered by how many candidates have them (votes).
      """)
  var choose = CandidateChoice.all

  @Option(
    help:
      "For a SeqDiffuSeq generator: variance of the noise as in the reference implementation (reference), or as in the posterior (corrected)."
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

  /// Throws a usage error if these options contradict `--no-generator`.
  func check(with speed: SpeedOptions) throws {
    guard speed.withoutGenerator else { return }
    if ![.auto, .off].contains(generator) { throw ValidationError("--no-generator and --generator contradict each other.") }
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
