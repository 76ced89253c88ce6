// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion
import ModelFile
import Tensors
import Text
import Transformer

/// Compares two model files of the same checkpoint, one in float32 and one in int8: runs their networks on the same inputs and
/// measures how much the outputs differ.
package struct ModelComparison {
  /// The agreement of one kind of output.
  package struct Row: Sendable, Equatable {
    /// "retriever", "selector" or "generator".
    package let network: String
    package let what: String
    /// The lowest cosine similarity of two outputs; -1 if an output is not finite.
    package let cosine: Double
    /// The largest difference of two elements.
    package let difference: Double
    /// The lowest acceptable cosine similarity.
    package let bound: Double

    package var passes: Bool { cosine >= bound }
  }

  /// The bound for sentence embeddings.
  package static let embeddingBound = 0.99
  /// The bound for states and outputs of the generator.
  package static let generatorBound = 0.98

  let reference: ContainerFile
  let file: ContainerFile
  private let products: FloatProducts

  /// - Parameter products: the matrix products of the float networks.
  package init(reference: ContainerFile, file: ContainerFile, products: FloatProducts = .kernels) {
    self.reference = reference
    self.file = file
    self.products = products
  }

  /// Compares every network in the files. Takes seconds for a large network.
  ///
  /// - Parameter note: receives results that have no bound: how many generated tokens are equal.
  package func rows(note: (String) -> Void = { _ in }) throws -> [Row] {
    var rows: [Row] = []
    for name in ModelLayout.encoders where file.metadata[name] != nil { rows.append(try sentences(name)) }
    switch try GeneratorKind.of(file) {
    case nil: break
    case .bart: rows += try bart(note: note)
    case .biAttention: rows += try biAttention(note: note)
    case .seqdiffuseq:
      let networks = try [reference, file].map { try SeqDiffuSeq(file: $0, products: products).network }
      rows += try diffusion(networks[0], networks[1], isCausal: false, note: note)
    case .diffusion:
      let networks = try [reference, file].map { try Generator(file: $0, products: products) }
      rows += try diffusion(networks[0], networks[1], isCausal: true, note: note)
    }
    return rows
  }

  private func sentences(_ name: String) throws -> Row {
    let encoders = try [reference, file].map { try SentenceEncoder(file: $0, name: name, products: products) }
    let limit = encoders[0].maximumTokens
    let arena = Arena(capacity: encoders.map(\.scratch).max() ?? 0)
    var agreement = Agreement()
    for tokens in inputs(name, vocabularySize: encoders[0].encoder.configuration.vocabularySize, limit: limit) {
      agreement.add(try encoders[0].encode(tokens, arena: arena), try encoders[1].encode(tokens, arena: arena))
    }
    return agreement.row(name, "sentence embeddings", bound: Self.embeddingBound)
  }

  private func bart(note: (String) -> Void) throws -> [Row] {
    let networks = try [reference, file].map { try BART(file: $0, products: products) }
    let sources = inputs(
      ModelLayout.generator, vocabularySize: networks[0].vocabularySize, limit: min(networks[0].maximumTokens, 128))
    var states = Agreement()
    for source in sources {
      states.add(try Self.states(networks[0].encoder, source), try Self.states(networks[1].encoder, source))
    }
    let control = networks[0].configuration.control
    return [
      states.row(ModelLayout.generator, "encoder states", bound: Self.generatorBound),
      try decoding(networks, sources, start: control.start, note: note) { network, source, arena in
        try network.scorer(source: source, sequences: 1, steps: Self.options.maximumLength, arena: arena)
      },
    ]
  }

  /// - Parameter isCausal: whether the network was also trained for the causal pass.
  private func diffusion(
    _ reference: Generator, _ other: Generator, isCausal: Bool, note: (String) -> Void
  ) throws -> [Row] {
    let networks = [reference, other]
    let sources = inputs(
      ModelLayout.generator, vocabularySize: reference.encoder.configuration.vocabularySize, limit: reference.maximumTokens)
    var (states, predictions) = (Agreement(), Agreement())
    for (index, source) in sources.enumerated() {
      states.add(try Self.states(reference.encoder, source), try Self.states(other.encoder, source))
      predictions.add(try Self.prediction(reference, source, seed: index), try Self.prediction(other, source, seed: index))
    }
    var rows = [
      states.row(ModelLayout.generator, "encoder states", bound: Self.generatorBound),
      predictions.row(ModelLayout.generator, "a step's prediction", bound: Self.generatorBound),
    ]
    if isCausal {
      rows.append(
        try decoding(networks, sources, start: reference.configuration.bos, note: note) { network, source, arena in
          try network.scorer(source: source, sequences: 1, steps: network.configuration.positions, arena: arena)
        })
    }
    return rows
  }

  /// Greedy search.
  static let options = BeamOptions(maximumLength: 20)

  /// Compares the scores of the next token along the reference's output. Notes how many tokens both networks write alike.
  private func decoding<Network: AutoregressiveGenerator, Scorer: NextTokenScorer>(
    _ networks: [Network], _ sources: [[Int32]], start: Int32, note: (String) -> Void,
    scorer: (Network, [Int32], Arena) throws -> Scorer
  ) throws -> Row {
    let arena = Arena(capacity: (networks.map { $0.scratch(Self.options) }.max() ?? 0) + 1 << 20)
    var agreement = Agreement()
    var (equal, all) = (0, 0)
    for source in sources {
      let written = try networks.map { network in
        try network.decode(source: source, options: Self.options, arena: arena).first?.tokens ?? []
      }
      equal += zip(written[0], written[1]).prefix { $0 == $1 }.count
      all += written[0].count
      let logits = try networks.map { network in
        let mark = arena.mark
        defer { arena.release(to: mark) }
        var scorer = try scorer(network, source, arena)
        return try Self.logits(&scorer, [start] + written[0].dropLast(), arena: arena)
      }
      for (first, second) in zip(logits[0], logits[1]) { agreement.add(first, second) }
    }
    note("generator: \(equal) of \(all) greedy tokens are the same up to the first that differs")
    return agreement.row(ModelLayout.generator, "next token's scores", bound: Self.generatorBound)
  }

  static func logits(
    _ scorer: inout some NextTokenScorer, _ tokens: [Int32], arena: Arena
  ) throws -> [[Float]] {
    let row = try arena.floats(rows: 1, columns: scorer.vocabularySize)
    var logits: [[Float]] = []
    for token in tokens {
      try withUnsafePointer(to: token) { token in
        try withUnsafePointer(to: Int32(0)) { parent in
          try scorer.score(
            UnsafeBufferPointer(start: token, count: 1), parents: UnsafeBufferPointer(start: parent, count: 1), into: row,
            arena: arena)
        }
      }
      logits.append(Array(UnsafeBufferPointer(start: row.base, count: row.count)))
    }
    return logits
  }

  private static func states(_ encoder: Encoder, _ source: [Int32]) throws -> [Float] {
    let size = Arena.bytes(source.count * encoder.configuration.hiddenSize, Float.self)
    let arena = Arena(capacity: size + encoder.scratch(tokens: source.count))
    let states = try encoder.encode(source, arena: arena)
    return withExtendedLifetime(arena) { Array(UnsafeBufferPointer(start: states.base, count: states.count)) }
  }

  /// The clean embeddings that the network predicts from noise, half-way through the diffusion.
  private static func prediction(_ generator: Generator, _ source: [Int32], seed: Int) throws -> [Float] {
    let configuration = generator.configuration
    let arena = Arena(capacity: generator.scratch)
    let memory = try generator.encodeSource(source, arena: arena)
    let v = try arena.floats(rows: configuration.positions, columns: configuration.embeddingSize)
    let x0 = try arena.floats(rows: configuration.positions, columns: configuration.embeddingSize)
    var random = PseudoRandom(seed: UInt64(seed) + 1)
    for index in 0..<v.count { v.base[index] = Float(random.next(below: 2001)) / 500 - 2 }
    try generator.denoiser.predict(
      v, previous: nil, timestep: configuration.timesteps / 2, source: memory, causal: false, into: x0, arena: arena)
    return withExtendedLifetime(arena) { Array(UnsafeBufferPointer(start: x0.base, count: x0.count)) }
  }
}
