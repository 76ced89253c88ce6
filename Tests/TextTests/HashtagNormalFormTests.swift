// SPDX-License-Identifier: Apache-2.0

import Testing
import TestSupport

@testable import Text

/// The hashtag normal form against Python's unicodedata; fixtures by Tools/fixtures/tokenizer.py.
@Suite struct HashtagNormalFormTests {
  @Test func stringsNormalizeAsInPython() throws {
    for row in try Fixtures.rows("hashtag_normal_form.jsonl", as: [String].self) {
      #expect(HashtagNormalForm.normalize(row[0]) == row[1], "\(row[0].unicodeScalars.map(\.value))")
    }
  }

  /// Every Unicode scalar: alone, and among letters and marks that it may compose with.
  @Test func everyScalarNormalizesAsInPython() throws {
    let contexts = [("", ""), ("e", "\u{301}"), ("I", "\u{323}\u{307}"), ("n\u{334}", "\u{303}x")]
    for (first, hashes) in try Fixtures.blocks("hashtag_blocks.tsv") {
      let found = (Fixtures.hasContexts(first) ? contexts : [contexts[0]]).map { context in
        var state = Fixtures.hash([])
        for scalar in Fixtures.scalars(from: first) {
          let tag = Fixtures.bytes(of: scalar, in: context)
          state = Fixtures.hash(HashtagNormalForm.normalize(tag) + [0x0A], after: state)
        }
        return state
      }
      #expect(
        found == Array(hashes.prefix(found.count)), "block \(String(first, radix: 16)); tokenizer.py --show prints it")
    }
  }

  @Test func anyBytesNormalize() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0..<100, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      let normal = HashtagNormalForm.normalize(bytes)
      #expect(HashtagNormalForm.normalize(normal) == normal)
    }
  }
}
