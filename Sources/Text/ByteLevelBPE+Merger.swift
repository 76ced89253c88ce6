// SPDX-License-Identifier: Apache-2.0

extension ByteLevelBPE {
  /// Merges the pieces of one word at a time: the pair of lowest rank first, the leftmost among equals.
  ///
  /// It keeps a heap of pairs over a linked list of symbols, so a word of n bytes takes O(n log n). A popped pair is skipped if
  /// its symbols have changed, unless they still form the same piece. `Word::merge_all` of `tokenizers` does the same, and the
  /// results must be equal.
  struct Merger {
    private struct Symbol {
      /// -1 if merged into the symbol before it.
      var piece: Int32
      /// -1 if there is none.
      var previous, next: Int32
    }

    private let merges: MergeTable
    private var symbols: [Symbol] = []
    /// A binary min-heap, ordered by rank, then by position.
    private var heap: [UInt64] = []

    init(merges: MergeTable) { self.merges = merges }

    /// Adds the next piece of the word.
    mutating func add(_ piece: Int32) {
      let place = Int32(truncatingIfNeeded: symbols.count)
      if place > 0 { symbols[symbols.count - 1].next = place }
      symbols.append(Symbol(piece: piece, previous: place - 1, next: -1))
    }

    /// Merges the word and appends its tokens to `ids`.
    mutating func finish(into ids: inout [Int32]) {
      if symbols.count > 1 {
        for place in 0..<symbols.count - 1 { consider(place) }
        while let (rank, place) = pop() { apply(rank, place) }
      }
      for symbol in symbols where symbol.piece >= 0 { ids.append(symbol.piece) }
      symbols.removeAll(keepingCapacity: true)
    }

    private mutating func apply(_ rank: Int32, _ place: Int) {
      let symbol = symbols[place]
      guard symbol.piece >= 0, symbol.next >= 0 else { return }
      let right = symbols[Int(symbol.next)]
      let result = merges.result(rank)
      let now = merges.rank(symbol.piece, right.piece)
      guard now >= 0, merges.result(now) == result else { return }
      symbols[Int(symbol.next)].piece = -1
      symbols[place].piece = result
      symbols[place].next = right.next
      if right.next >= 0 { symbols[Int(right.next)].previous = Int32(truncatingIfNeeded: place) }
      if symbol.previous >= 0 { consider(Int(symbol.previous)) }
      consider(place)
    }

    /// Pushes the pair of the symbol at `place` and its right neighbour on the heap, if they merge.
    private mutating func consider(_ place: Int) {
      let next = symbols[place].next
      guard next >= 0 else { return }
      let rank = merges.rank(symbols[place].piece, symbols[Int(next)].piece)
      guard rank >= 0 else { return }
      push(UInt64(UInt32(bitPattern: rank)) << 32 | UInt64(place))
    }

    private mutating func push(_ entry: UInt64) {
      heap.append(entry)
      var child = heap.count - 1
      while child > 0 {
        let parent = (child - 1) / 2
        if heap[parent] <= entry { break }
        heap[child] = heap[parent]
        child = parent
      }
      heap[child] = entry
    }

    private mutating func pop() -> (rank: Int32, place: Int)? {
      guard let first = heap.first else { return nil }
      let last = heap.removeLast()
      if !heap.isEmpty {
        var parent = 0
        while true {
          var child = 2 * parent + 1
          if child >= heap.count { break }
          if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
          if last <= heap[child] { break }
          heap[parent] = heap[child]
          parent = child
        }
        heap[parent] = last
      }
      return (Int32(truncatingIfNeeded: first >> 32), Int(first & 0xFFFF_FFFF))
    }
  }
}
