// SPDX-License-Identifier: Apache-2.0

import Decoding
import ModelFile
import Recurrent
import Tensors

extension ModelComparison {
  /// Compares the scores of the next word along the reference's output. Notes how many greedy words both networks write alike.
  func biAttention(note: (String) -> Void) throws -> [Row] {
    let networks = try [reference, file].map { try BiAttentionNetwork(file: $0) }
    let sizes = networks[0].configuration
    let texts = inputs(ModelLayout.generator, vocabularySize: sizes.words, limit: sizes.textLimits.min() ?? 1)
    let arena = Arena(capacity: (networks.map { $0.scratch(Self.options) }.max() ?? 0) + 1 << 20)
    var agreement = Agreement()
    var (equal, all) = (0, 0)
    for place in texts.indices {
      let read = sizes.textLimits.indices.map { texts[(place + $0) % texts.count] }
      let copies = sizes.copies ? read.joined().map { min($0, Int32(truncatingIfNeeded: sizes.outputs - 1)) } : []
      let source = BiAttentionNetwork.Source(texts: read, copies: copies)
      let written = try networks.map { network in
        try network.decode(source: source, options: Self.options, arena: arena).first?.tokens ?? []
      }
      equal += zip(written[0], written[1]).prefix { $0 == $1 }.count
      all += written[0].count
      let logits = try networks.map { network in
        let mark = arena.mark
        defer { arena.release(to: mark) }
        var scorer = try network.scorer(source: source, options: Self.options, arena: arena)
        return try Self.logits(
          &scorer, [BiAttentionConfiguration.Control.begin] + written[0].dropLast(), arena: arena
        ).map { $0.filter(\.isFinite) }
      }
      for (first, second) in zip(logits[0], logits[1]) { agreement.add(first, second) }
    }
    note("generator: \(equal) of \(all) greedy words are the same up to the first that differs")
    return [agreement.row(ModelLayout.generator, "next word's scores", bound: Self.generatorBound)]
  }
}
