// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import Testing

@testable import Text

/// Tokenizers allocate a few times for each text, and never for each word.
@Suite(.enabled(if: assigner_allocations() >= 0, "only glibc's functions can be stood in for")) struct TokenizerAllocationTests {
  private static let words = "River Town's café flooded, 3 bridges out near #RiverTown; naïve Ångström unwordable "

  /// The number of allocations for a text when the output has enough capacity.
  private func allocations(_ text: String, _ encode: ([UInt8], inout [Int32]) -> Void) -> Int {
    let bytes = Array(text.utf8)
    var ids: [Int32] = []
    ids.reserveCapacity(bytes.count)
    encode(bytes, &ids)
    ids.removeAll(keepingCapacity: true)
    let before = assigner_allocations()
    encode(bytes, &ids)
    let count = assigner_allocations() - before
    #expect(ids.count > 20)
    return count
  }

  @Test func wordPieceAllocatesNothingForAWord() {
    let wordPiece = WordPieceTests.wordPiece
    let few = allocations(Self.words) { wordPiece.encode($0, into: &$1) }
    let many = allocations(String(repeating: Self.words, count: 30)) { wordPiece.encode($0, into: &$1) }
    #expect(many == few)
    #expect(few < 8)
  }

  @Test func byteLevelBPEAllocatesNothingForAWord() {
    let bpe = ByteLevelBPETests.added
    let few = allocations(Self.words) { bpe.encode($0, into: &$1) }
    let many = allocations(String(repeating: Self.words, count: 30)) { bpe.encode($0, into: &$1) }
    #expect(many == few)
    #expect(few < 16)
  }

  @Test func unigramAllocatesNothingForAWord() throws {
    let unigram = try Unigram(tokenizer: UnigramTests.json("e5"))
    let few = allocations(Self.words) { unigram.encode($0, into: &$1) }
    let many = allocations(String(repeating: Self.words, count: 30)) { unigram.encode($0, into: &$1) }
    #expect(many == few)
    #expect(few < 16)
  }
}
