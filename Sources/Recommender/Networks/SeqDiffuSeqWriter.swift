// SPDX-License-Identifier: Apache-2.0

import Diffusion
import ModelFile
import Tensors
import Text

/// The reference implementation's generator with its tokenizer: from a tweet to the hashtags in the text that it writes.
///
/// It is told no retrieved hashtags: how ASSIGNER's code feeds their vectors to the network is not published.
struct SeqDiffuSeqWriter: HashtagWriter {
  private let network: SeqDiffuSeq
  private let tokenizer: ByteLevelBPE
  private let options: SeqDiffuSeqOptions
  private let choice: CandidateChoice

  /// - Parameters:
  ///   - tokenizers: those of the file that have been read already, by name.
  ///   - options: of the samplers, re-noising is the reference's "generate_by_q", and all others are its posterior. All T
  ///     steps are taken: the reference has no fewer.
  /// - Throws: `ContainerError` naming what is missing or does not fit.
  init(model: ContainerFile, tokenizers: [String: Tokenizer] = [:], options: SamplingOptions) throws(ContainerError) {
    network = try SeqDiffuSeq(file: model)
    tokenizer = try Self.tokenizer(of: model, tokenizers, count: network.configuration.vocabularySize)
    self.options = SeqDiffuSeqOptions(
      variance: options.variance, process: options.sampler == .renoise ? .forward : .posterior, seed: options.seed,
      candidates: options.candidates)
    choice = options.choice
  }

  private static func tokenizer(
    of model: ContainerFile, _ known: [String: Tokenizer], count: Int
  ) throws(ContainerError) -> ByteLevelBPE {
    if model.metadata["tokenizers"] != nil {
      let name = try Tokenizer.name(of: "generator", in: model)
      let found: Tokenizer
      if let known = known[name] { found = known } else { found = try Tokenizer(file: model, name: name) }
      if case .byteLevelBPE(let tokenizer) = found, tokenizer.count <= count { return tokenizer }
    }
    throw model.failure(
      .metadata(
        "generator: one of this kind needs the byte-level BPE it was trained with: put vocab.json and merges.txt beside its "
          + "weights and convert it again"), section: "metadata")
  }

  var scratch: Int { network.scratch }

  /// Fewer sequences; the reference has no fewer steps.
  var ladder: [Effort] { Effort.ladder(from: Effort(steps: nil, candidates: options.candidates)) }

  func write(_ input: GeneratorInput, pace: inout Pace?, arena: Arena) throws(TensorError) -> [GeneratedHashtag] {
    var options = options
    if pace != nil {
      guard pace?.startGenerator(tokens: 0) == true, let effort = pace?.chooseEffort() else { return [] }
      options.candidates = effort.candidates
    }
    var tweet: [Int32] = []
    tokenizer.encode(input.text, into: &tweet)
    let drawn = try network.candidates(source: network.source(tweet), options: options, line: input.line, arena: arena)
    pace?.finishGenerator(passes: drawn.count)
    return choice.hashtags(of: drawn.map { (network.text($0.tokens), read($0.tokens, probabilities: $0.probabilities)) })
  }

  /// The hashtags of a sequence: its text cut at blanks, commas, semicolons and '#', of which no hashtag has one, whatever
  /// stood between them in training. A hashtag's probabilities are those of the tokens with a byte of it.
  func read(_ tokens: [Int32], probabilities: [Float]) -> [GeneratedHashtag] {
    var words: [(bytes: [UInt8], places: [Int])] = [([], [])]
    for (place, token) in tokens.enumerated() {
      for byte in tokenizer.bytes(of: [token]) {
        if Self.separators.contains(byte) {
          words.append(([], []))
        } else {
          words[words.count - 1].bytes.append(byte)
          if words[words.count - 1].places.last != place { words[words.count - 1].places.append(place) }
        }
      }
    }
    var written: [GeneratedHashtag] = []
    for word in words {
      let normal = HashtagNormalForm.normalize(String(decoding: word.bytes, as: UTF8.self))
      if normal.isEmpty { continue }
      written.append(
        GeneratedHashtag(
          normal: normal, position: written.count, probabilities: word.places.map { Double(probabilities[$0]) }))
    }
    return written
  }

  private static let separators = Set(" \t\r\n,;#".utf8)
}
