// SPDX-License-Identifier: Apache-2.0

import Conversion
import Decoding
import GoldenFixtures
import ModelFile
import Tensors
import TestSupport
import Testing

@testable import Transformer

/// BART checkpoints from transformers, converted and decoded.
@Suite struct BARTTests {
  static let folder = TemporaryFolder()

  static func network(_ book: BARTBook, floats: Bool = true) throws -> BART {
    try BART(file: file(book, floats: floats))
  }

  static func file(_ book: BARTBook, floats: Bool = true) throws -> ContainerFile {
    let path = folder.file("\(book).\(floats).\(UInt64.random(in: 0 ... .max))")
    let (writer, _) = try Converter(checkpoint: Checkpoint(generator: book.checkpoint), keepsFloats: floats).convert()
    try writer.write(to: path)
    return try ContainerFile(path: path, kind: .model)
  }

  /// Beam options from transformers' names.
  static func options(_ json: JSONValue, returned: Int) throws -> BeamOptions {
    var options = BeamOptions(beams: try json.integer("num_beams"), sequences: returned)
    options.maximumLength = try json.integer("max_length")
    if json["min_length"] != nil { options.minimumLength = try json.integer("min_length") }
    if json["length_penalty"] != nil { options.lengthPenalty = try json.number("length_penalty") }
    if json["no_repeat_ngram_size"] != nil { options.noRepeat = try json.integer("no_repeat_ngram_size") }
    switch json["early_stopping"] {
    case .bool(true)?: options.earlyStopping = .whenFull
    case .string("never")?: options.earlyStopping = .never
    default: break
    }
    return options
  }

  @Test(arguments: BARTBook.all)
  func encoderStatesAndLogitsEqualTransformers(book: BARTBook) throws {
    let network = try Self.network(book)
    let arena = Arena(capacity: 1 << 24)
    for item in try book.states() {
      let states = try network.encoder.encode(item.source, arena: arena)
      let last = (0..<states.columns).map { states[states.rows - 1, $0] }
      #expect(Agreement.largestDifference(last, item.encoder) < 1e-4)
      let logits = try arena.floats(rows: 1, columns: network.vocabularySize)
      var scorer = try network.scorer(source: item.source, sequences: 1, steps: item.target.count, arena: arena)
      for token in item.target {
        try [token].withUnsafeBufferPointer { tokens in
          try [Int32(0)].withUnsafeBufferPointer { try scorer.score(tokens, parents: $0, into: logits, arena: arena) }
        }
      }
      #expect(Agreement.largestDifference((0..<logits.columns).map { logits[0, $0] }, item.logits) < 1e-4)
    }
  }

  @Test(arguments: BARTBook.all)
  func greedyAndBeamSearchEqualTransformers(book: BARTBook) throws {
    let network = try Self.network(book)
    let cases = try book.cases()
    #expect(cases.count > 150)
    for item in cases {
      let options = try Self.options(item.options, returned: item.sequences.count)
      let arena = Arena(capacity: network.scratch(options, sourceTokens: item.source.count))
      let found = try network.decode(source: item.source, options: options, arena: arena)
      let place: Comment = "\(item.options.serialized()), source of \(item.source.count)"
      #expect(found.map(\.tokens) == item.sequences.map(\.tokens), place)
      guard found.count == item.sequences.count else { continue }
      for (ours, expected) in zip(found, item.sequences) {
        // With a negative length penalty, scores reach hundreds, so the tolerance is relative.
        if let score = expected.score { #expect(abs(ours.score - score) < 1e-4 * max(1, abs(score)), place) }
        #expect(Agreement.largestDifference(ours.logProbabilities, expected.logProbabilities) < 1e-4, place)
      }
    }
  }

  @Test(arguments: [true, false])
  func aSourceHasTheSameBitsAloneInABatchAndInAUsedArena(floats: Bool) throws {
    let book = BARTBook.all[2]
    let network = try Self.network(book, floats: floats)
    let sources = try Array(Set(book.cases().map(\.source)))
    let options = BeamOptions(beams: 5, sequences: 5, maximumLength: 14, noRepeat: 2)
    let arena = Arena(capacity: network.scratch(options))
    let together = try network.decode(sources: sources, options: options, arena: arena)
    for (source, found) in zip(sources, together).reversed() {
      let small = Arena(capacity: network.scratch(options, sourceTokens: source.count))
      #expect(try network.decode(source: source, options: options, arena: small) == found)
    }
    #expect(arena.mark == 0)
  }

  @Test func int8FindsMostOfTheGreedyTokensOfTheFloatPath() throws {
    let book = BARTBook.all[2]
    let networks = try [true, false].map { try Self.network(book, floats: $0) }
    var tokens: [[Int32]] = [[], []]
    for source in Set(try book.cases().map(\.source)) {
      for (index, network) in networks.enumerated() {
        let options = BeamOptions(maximumLength: 12)
        let arena = Arena(capacity: network.scratch(options))
        let found = try network.decode(source: source, options: options, arena: arena)
        tokens[index] += (found.first?.tokens ?? []) + [Int32](repeating: -1, count: 12 - (found.first?.tokens.count ?? 0))
      }
    }
    #expect(Agreement.share(tokens[0], tokens[1]) > 0.8)
  }

  @Test func settingsOfTheCheckpointHoldAndSourcesThatDoNotFitAreErrors() throws {
    let plain = try Self.network(BARTBook.all[0]).configuration
    #expect(plain.control == ControlTokens(start: 2, end: 2))
    #expect(plain.positions == 40 && plain.pad == 1 && plain.bos == 0)
    #expect(plain.defaults == BeamOptions())
    let network = try Self.network(BARTBook.all[1])
    #expect(network.configuration.control == ControlTokens(start: 2, end: 2, forcedFirst: 0, forcedLast: 2))
    #expect(network.encoder.configuration.scalesEmbeddings && network.maximumTokens == 40)
    let arena = Arena(capacity: network.scratch(network.defaults))
    for source in [[], [64], [-1], [Int32](repeating: 5, count: 41)] {
      #expect(throws: TensorError.self) { try network.decode(source: source, options: network.defaults, arena: arena) }
    }
    #expect(try network.decode(source: [Int32](repeating: 5, count: 40), options: network.defaults, arena: arena).count == 1)
  }

  @Test func aModelFileThatDoesNotFitIsAnError() throws {
    let file = try Self.file(BARTBook.all[1])
    for (path, value) in [
      (["generation", "start"], 64), (["generation", "end"], -1), (["generation", "forcedFirst"], .integer(.max)),
      (["generation", "forcedLast"], "2"), (["generation", "beams"], 0), (["generation", "beams"], 21),
      (["generation", "maximumLength"], .integer(.max)), (["generation", "minimumLength"], -1),
      (["generation", "noRepeat"], .integer(.min)), (["generation", "earlyStopping"], "sometimes"),
      (["generation", "lengthPenalty"], "1"), (["generation"], nil), (["decoder", "maximumPositions"], 41),
      (["decoder", "maximumPositions"], .integer(.max)), (["decoder", "hiddenSize"], 64), (["decoder", "layers"], 3),
      (["encoder", "vocabularySize"], 65), (["encoder", "scalesEmbeddings"], "yes"),
    ] as [([String], JSONValue)] {
      let variant = try ModelVariant.file(of: file, metadata: ModelVariant.setting(["generator"] + path, value))
      #expect(throws: ContainerError.self, "\(path)") { try BART(file: variant) }
    }
    let lacking = try ModelVariant.file(of: file, without: ["generator/finalBias"])
    #expect(throws: ContainerError.self) { try BART(file: lacking) }
    let options = BeamOptions(beams: 4, sequences: 4, maximumLength: 10, lengthPenalty: -.infinity, noRepeat: 2)
    for value in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude] {
      let broken = try BART(
        file: ModelVariant.file(of: file, replacing: ["generator/finalBias": ([64], [Float](repeating: value, count: 64))]))
      let found = try broken.decode(source: [0, 5, 2], options: options, arena: Arena(capacity: broken.scratch(options)))
      #expect(found.allSatisfy { $0.tokens.allSatisfy { (0..<64).contains($0) } })
    }
  }
}
