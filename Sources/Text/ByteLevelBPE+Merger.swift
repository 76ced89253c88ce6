// SPDX-License-Identifier: Apache-2.0

extension ByteLevelBPE {
  /// Merges the pieces of one word after another: always the pair of lowest rank, of equal ones the leftmost.
  ///
  /// A heap of pairs over a linked list of symbols, so that a word of n bytes takes O(n log n). A pair whose symbols have
  /// changed since is skipped when it is taken, unless they still make the same piece: that is `Word::merge_all` of
  /// `tokenizers`, which this must equal.
  struct Merger {
    private struct Symbol {
      /// -1: merged into the one before.
      var piece: Int32
      /// -1: none.
      var previous, next: Int32
    }

    private let merges: MergeTable
    private var symbols: [Symbol] = []
    /// A binary heap, least first: rank, then place.
    private var heap: [UInt64] = []

    init(merges: MergeTable) { self.merges = merges }

    /// Adds the next piece of the word.
    mutating func add(_ piece: Int32) {
      let place = Int32(truncatingIfNeeded: symbols.count)
      if place > 0 { symbols[symbols.count - 1].next = place }
      symbols.append(Symbol(piece: piece, previous: place - 1, next: -1))
    }

    /// Ends the word and appends what it became to `ids`.
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

    /// Puts the pair at `place` and its neighbour on the heap, if they merge.
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
