// SPDX-License-Identifier: Apache-2.0

import CKernels

/// What one thread needs to compare words. All zeros between two tweets.
package final class StreamScratch {
  // Accesses are not checked at run time: one thread alone has it.
  @exclusivity(unchecked) private var scores = ZeroBuffer<Int32>()
  @exclusivity(unchecked) private var counts = ZeroBuffer<Int32>()
  @exclusivity(unchecked) private var best = ZeroBuffer<Float>()
  @exclusivity(unchecked) private var touchedRows: [Int32] = []
  @exclusivity(unchecked) private var touchedSlots: [Int32] = []
  @exclusivity(unchecked) private var bestSlots: [Int32] = []

  package init() {}

  deinit {
    scores.deallocate()
    counts.deallocate()
    best.deallocate()
  }

  /// A tweet is compared with so many rows, whose hashtags have slots below `slots`.
  func begin(rows: Int, slots: Int) {
    scores.reserve(rows)
    counts.reserve(slots)
    best.reserve(slots)
  }

  /// A row will be added soon. The rows of a word lie far apart, and each would wait for the memory.
  func fetch(row: Int) { scores.fetch(row) }

  /// A row has a word of the tweet.
  func add(_ weight: Int32, row: Int) {
    if scores[row] == 0 { touchedRows.append(Int32(truncatingIfNeeded: row)) }
    scores[row] += weight
  }

  /// A row that has the word in hand carries a hashtag.
  func count(_ slot: Int) {
    if counts[slot] == 0 { touchedSlots.append(Int32(truncatingIfNeeded: slot)) }
    counts[slot] += 1
  }

  /// The rows of the word in hand are through: two rows without any hashtag are added, so that one row alone says little.
  func settle(rows: Int) {
    for slot in touchedSlots {
      let share = Float(counts[Int(slot)]) / Float(rows + 2)
      counts[Int(slot)] = 0
      if best[Int(slot)] == 0 { bestSlots.append(slot) }
      best[Int(slot)] = max(best[Int(slot)], share)
    }
    touchedSlots.removeAll(keepingCapacity: true)
  }

  /// What all words have said.
  ///
  /// - Parameter first: the row that was counted as 0.
  func findings(count: Int, first: Int) -> WordPostings.Findings {
    var findings = WordPostings.Findings()
    var leading: [(score: Int32, row: Int32)] = []
    for row in touchedRows {
      let entry = (score: scores[Int(row)], row: row)
      scores[Int(row)] = 0
      if leading.count == count, let last = leading.last, (last.score, last.row) >= entry { continue }
      let place = leading.firstIndex { ($0.score, $0.row) < entry } ?? leading.count
      leading.insert(entry, at: place)
      if leading.count > count { leading.removeLast() }
    }
    touchedRows.removeAll(keepingCapacity: true)
    findings.nearest = leading.map { first + Int($0.row) }
    findings.together.reserveCapacity(bestSlots.count)
    for slot in bestSlots {
      findings.together.append((slot, best[Int(slot)]))
      best[Int(slot)] = 0
    }
    bestSlots.removeAll(keepingCapacity: true)
    return findings
  }
}

/// Numbers that begin as zeros. Places are not checked: whoever counts rows and slots has reserved them.
private struct ZeroBuffer<Number: Numeric> {
  private var memory = UnsafeMutableBufferPointer<Number>(start: nil, count: 0)

  /// Makes room for so many, all of them zeros.
  mutating func reserve(_ count: Int) {
    guard count > memory.count else { return }
    memory.deallocate()
    memory = .allocate(capacity: max(count, 2 * memory.count))
    memory.initialize(repeating: 0)
  }

  subscript(place: Int) -> Number {
    get { memory[place] }
    nonmutating set { memory[place] = newValue }
  }

  func fetch(_ place: Int) { assigner_prefetch(memory.baseAddress.map { $0 + place }) }

  func deallocate() { memory.deallocate() }
}
