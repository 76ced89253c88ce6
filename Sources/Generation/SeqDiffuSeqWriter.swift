// SPDX-License-Identifier: Apache-2.0

import Diffusion
import ModelFile
import Tensors
import Text

/// The reference implementation's generator with its tokenizer: writes a text for a tweet, and takes the hashtags from it.
///
/// It does not use retrieved hashtags: how ASSIGNER's code feeds their vectors to the network is not published.
struct SeqDiffuSeqWriter: HashtagWriter {
  static let methods = [GenerationMethod.diffusion]

  private let network: SeqDiffuSeq
  private let tokenizer: ByteLevelBPE
  private let options: SeqDiffuSeqOptions
  private let choice: CandidateChoice

  /// - Parameter options: the sampler `renoise` selects the reference's "generate_by_q", any other its posterior. All T steps are
  ///   taken, because the reference has no shorter process.
  init(
    model: ContainerFile, tokenizers: [String: Tokenizer] = [:], options: GenerationOptions = GenerationOptions()
  ) throws(ContainerError) {
    network = try SeqDiffuSeq(file: model)
    tokenizer = try Self.byteLevelBPE(of: model, tokenizers, count: network.configuration.vocabularySize)
    let sampling = options.sampling
    self.options = SeqDiffuSeqOptions(
      variance: sampling.variance, process: sampling.sampler == .renoise ? .forward : .posterior, seed: sampling.seed,
      candidates: sampling.candidates)
    choice = sampling.choice
  }

  private static func byteLevelBPE(
    of model: ContainerFile, _ known: [String: Tokenizer], count: Int
  ) throws(ContainerError) -> ByteLevelBPE {
    if model.metadata[ModelLayout.Key.tokenizers] != nil, case .byteLevelBPE(let tokenizer) = try tokenizer(of: model, known),
      tokenizer.count <= count
    {
      return tokenizer
    }
    throw model.failure(
      .metadata(
        "generator: this kind needs the byte-level BPE that it was trained with; put vocab.json and merges.txt beside its "
          + "weights and convert it again"), section: "metadata")
  }

  static func scratch(of model: ContainerFile, options: GenerationOptions) throws(ContainerError) -> Int {
    try SeqDiffuSeq(file: model).scratch
  }

  var scratch: Int { network.scratch }

  /// Fewer sequences only, because the reference has no shorter process.
  var ladder: [Effort] { Effort.ladder(from: Effort(steps: nil, candidates: options.candidates)) }

  func write(_ inputs: [GeneratorInput], arena: Arena) throws(TensorError) -> [[GeneratedHashtag]] {
    var written: [[GeneratedHashtag]] = []
    for input in inputs { written.append(try write(input, options, arena: arena).hashtags) }
    return written
  }

  func write(
    _ input: GeneratorInput, pace: inout some GenerationPace, arena: Arena
  ) throws(TensorError) -> [GeneratedHashtag] {
    guard let effort = pace.startWhole() else { return [] }
    var options = options
    options.candidates = effort.candidates
    let (hashtags, count) = try write(input, options, arena: arena)
    pace.finishGenerator(passes: count)
    return hashtags
  }

  /// The hashtags chosen from the sequences, and the number of sequences.
  private func write(
    _ input: GeneratorInput, _ options: SeqDiffuSeqOptions, arena: Arena
  ) throws(TensorError) -> (hashtags: [GeneratedHashtag], sequences: Int) {
    var tweet: [Int32] = []
    tokenizer.encode(input.text, into: &tweet)
    let drawn = try network.candidates(source: network.source(tweet), options: options, noiseKey: input.noiseKey, arena: arena)
    let sequences = drawn.map { (network.text($0.tokens), read($0.tokens, probabilities: $0.probabilities)) }
    return (choice.hashtags(of: sequences), drawn.count)
  }

  /// The hashtags of a sequence: its text, split at blanks, commas, semicolons and '#', because no hashtag contains them and the
  /// separator in training is unknown. A hashtag has the probabilities of the tokens that contribute a byte to it.
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
