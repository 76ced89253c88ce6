// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import Conversion
import Decoding
import GoldenFixtures
import ModelFile
import Tensors
import TestSupport
import Testing

@testable import Recurrent

/// Networks from PyTorch, converted and decoded.
@Suite struct BiAttentionTests {
  private static let folder = TemporaryFolder()

  private static func file(_ book: BiAttentionBook, floats: Bool) throws -> ContainerFile {
    let path = folder.file("\(book).\(floats).\(UInt64.random(in: 0 ... .max))")
    let (writer, _) = try Converter(checkpoint: Checkpoint(generator: book.checkpoint), keepsFloats: floats).convert()
    try writer.write(to: path)
    return try ContainerFile(path: path, kind: .model)
  }

  private static func network(_ book: BiAttentionBook, floats: Bool = true) throws -> BiAttentionNetwork {
    try BiAttentionNetwork(file: file(book, floats: floats))
  }

  private func source(_ item: BiAttentionBook.Case, _ network: BiAttentionNetwork) -> BiAttentionNetwork.Source {
    network.configuration.copies
      ? .init(texts: item.texts, copies: item.copies, extras: item.extras) : .init(texts: item.texts)
  }

  private func options(_ item: BiAttentionBook.Case) -> BeamOptions {
    BeamOptions(beams: item.beams, sequences: item.beams, maximumLength: item.longest + 2, lengthPenalty: 0)
  }

  /// log p of every word after the tokens of a sequence but its last.
  private func last(
    _ network: BiAttentionNetwork, _ source: BiAttentionNetwork.Source, _ tokens: [Int32], arena: Arena
  ) throws -> [Float] {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    var scorer = try network.scorer(source: source, options: BeamOptions(), arena: arena)
    let logits = try arena.floats(rows: 1, columns: scorer.vocabularySize)
    for token in [BiAttentionConfiguration.Control.begin] + tokens.dropLast() {
      try [token].withUnsafeBufferPointer { tokens in
        try [Int32(0)].withUnsafeBufferPointer { try scorer.score(tokens, parents: $0, into: logits, arena: arena) }
      }
    }
    return Array(UnsafeBufferPointer(start: logits.base, count: logits.columns))
  }

  /// Scores less the largest, without the words that no hashtag has and those below e^-30.
  private func relative(_ scores: [Float], by golden: [Float]) -> [Float] {
    let kept = zip(scores, golden).dropFirst(3).filter { $0.1 > -30 }.map(\.0)
    return kept.map { $0 - (kept.max() ?? 0) }
  }

  @Test(arguments: BiAttentionBook.all)
  func scoresEqualPyTorch(book: BiAttentionBook) throws {
    let network = try Self.network(book)
    let arena = Arena(capacity: network.scratch(BeamOptions(beams: 20)) + 1 << 16)
    var count = 0
    for item in try book.cases() {
      let tokens = try #require(item.sequences.first).tokens
      let scores = try last(network, source(item, network), tokens, arena: arena)
      #expect(scores.prefix(3).allSatisfy { $0 == -.infinity })
      let golden = item.last
      // Without copying, PyTorch's rows have a column for each unknown word of the source.
      #expect(golden.count == network.configuration.outputs + item.extras)
      #expect(
        Agreement.largestDifference(
          relative(Array(scores), by: golden), relative(Array(golden.prefix(scores.count)), by: golden)) < 1e-4)
      count += 1
    }
    #expect(count > 15)
  }

  @Test(arguments: BiAttentionBook.all)
  func beamsEqualPyTorchTokenForToken(book: BiAttentionBook) throws {
    let network = try Self.network(book)
    for item in try book.cases() {
      let options = options(item)
      let arena = Arena(capacity: network.scratch(options))
      let found = try network.decode(source: source(item, network), options: options, arena: arena)
      #expect(found.map(\.tokens) == item.sequences.map(\.tokens))
      #expect(Agreement.largestDifference(found.map(\.score), item.sequences.map(\.score)) < 1e-4)
      #expect(arena.mark == 0)
    }
  }

  @Test func quantizedNetworksWriteNearlyTheSame() throws {
    for book in BiAttentionBook.all {
      let (exact, quantized) = (try Self.network(book), try Self.network(book, floats: false))
      let arena = Arena(capacity: max(exact.scratch(BeamOptions()), quantized.scratch(BeamOptions())) + 1 << 16)
      var cosines: [Double] = []
      for item in try book.cases() where item.beams == 1 {
        let tokens = try #require(item.sequences.first).tokens
        let scores = try [exact, quantized].map { network in
          try last(network, source(item, network), tokens, arena: arena).filter(\.isFinite)
        }
        cosines.append(Agreement.cosine(scores[0], scores[1]))
      }
      #expect(cosines.allSatisfy { $0 > 0.98 }, "\(book): \(cosines)")
    }
  }

  /// The plan is exact: the longest texts fit, and one word more is refused.
  @Test(arguments: [true, false])
  func longestTextsFitThePlan(floats: Bool) throws {
    for book in BiAttentionBook.all {
      let network = try Self.network(book, floats: floats)
      let sizes = network.configuration
      let texts = sizes.textLimits.map { (0..<$0).map { Int32(truncatingIfNeeded: 4 + $0 % (sizes.words - 4)) } }
      let extras = sizes.copies ? texts.reduce(0) { $0 + $1.count } : 0
      let copies = (0..<extras).map { Int32(truncatingIfNeeded: sizes.outputs + $0) }
      let arena = Arena(capacity: network.scratch(sizes.defaults))
      let found = try network.decode(
        source: .init(texts: texts, copies: copies, extras: extras), options: sizes.defaults, arena: arena)
      #expect(found.count == 20 && Set(found.map(\.tokens)).count == 20)
      #expect(throws: TensorError.tokenCount(texts[0].count + 1, allowed: 1...texts[0].count)) {
        try network.decode(
          source: .init(texts: [texts[0] + [4]] + texts.dropFirst(), copies: copies, extras: extras), options: sizes.defaults,
          arena: arena)
      }
      #expect(throws: TensorError.tokenOutOfRange(token: 999, position: 0, rows: sizes.words)) {
        try network.decode(
          source: .init(texts: [[999]] + texts.dropFirst(), copies: copies, extras: extras), options: sizes.defaults,
          arena: arena)
      }
    }
  }

  /// A damaged file may hold any float.
  @Test func sharesOfAnyNumbersNeverTrap() {
    let odd = [Double.nan, .infinity, -.infinity, 0, 1e300, -1e300]
    for x in odd {
      #expect(BiAttentionScorer.softplus(x).isFinite)
      for y in odd { _ = BiAttentionScorer.logSum(x, y) }
    }
    #expect(abs(BiAttentionScorer.softplus(0) - 0.6931471805599453) < 1e-15 && BiAttentionScorer.softplus(-1000) == 0)
    #expect(BiAttentionScorer.logSum(-.infinity, -3) == -3 && BiAttentionScorer.logSum(-.infinity, -.infinity) == -.infinity)
  }

  @Test(.enabled(if: assigner_allocations() >= 0, "only glibc's functions can be stood in for"))
  func aStepAllocatesNothing() throws {
    let network = try Self.network(BiAttentionBook(name: "bi-attention"), floats: false)
    let arena = Arena(capacity: network.scratch(BeamOptions(beams: 20)) + 1 << 16)
    var scorer = try network.scorer(source: .init(texts: [[4, 5], [6]]), options: BeamOptions(beams: 20), arena: arena)
    let logits = try arena.floats(rows: 20, columns: scorer.vocabularySize)
    let tokens = [Int32](repeating: 5, count: 20)
    let parents = [Int32](repeating: 0, count: 20)
    func step() throws {
      try tokens.withUnsafeBufferPointer { tokens in
        try parents.withUnsafeBufferPointer { try scorer.score(tokens, parents: $0, into: logits, arena: arena) }
      }
    }
    try step()
    let before = assigner_allocations()
    try step()
    #expect(assigner_allocations() == before)
  }
}
