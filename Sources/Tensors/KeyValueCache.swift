// SPDX-License-Identifier: Apache-2.0
/// Keys and values of the tokens decoded so far, by layer, for sequences that grow together one token a step.
///
/// A sequence is a list of row numbers. Sequences with a common beginning share its rows, so that a beam that branches copies
/// only row numbers. The memory is taken from the arena once, for the longest length.
package struct KeyValueCache {
  /// The most sequences.
  package let sequences: Int
  /// The most tokens of each sequence.
  package let steps: Int
  /// Tokens of each sequence so far.
  package private(set) var count = 0
  /// [layers × 2 × steps × sequences, width]: a layer's keys, then its values; ordered by step.
  private let states: FloatView
  /// [sequences, steps]: the row of each token of each sequence; below, the same for the step before.
  private var chosen: UnsafeMutablePointer<Int32>
  private var lastChosen: UnsafeMutablePointer<Int32>

  package init(layers: Int, width: Int, sequences: Int, steps: Int, arena: Arena) throws(TensorError) {
    self.sequences = sequences
    self.steps = steps
    states = try arena.floats(rows: layers * 2 * steps * sequences, columns: width)
    chosen = try arena.integers(sequences * steps)
    lastChosen = try arena.integers(sequences * steps)
  }

  /// Begins a step: sequence i becomes sequence `parents[i]` of the step before plus one token.
  ///
  /// The caller must stay within `sequences` and `steps`.
  package mutating func extend(_ parents: UnsafeBufferPointer<Int32>) {
    precondition(count < steps && parents.count <= sequences)
    swap(&chosen, &lastChosen)
    for (sequence, parent) in parents.enumerated() {
      precondition(parent >= 0 && Int(parent) < sequences)
      let rows = chosen + sequence * steps
      rows.update(from: lastChosen + Int(parent) * steps, count: count)
      rows[count] = Int32(truncatingIfNeeded: count * sequences + sequence)
    }
    count += 1
  }

  /// The first row of this step's tokens.
  var newRow: Int { (count - 1) * sequences }
  /// The `count` rows of a sequence, first token first.
  func rows(_ sequence: Int) -> UnsafePointer<Int32> { UnsafePointer(chosen + sequence * steps) }
  /// [steps × sequences, width]
  func keys(_ layer: Int) -> FloatView { part(2 * layer) }
  func values(_ layer: Int) -> FloatView { part(2 * layer + 1) }

  private func part(_ index: Int) -> FloatView {
    states.rows(from: index * steps * sequences, count: steps * sequences)
  }

  /// Arena bytes of a cache of this shape.
  package static func scratch(layers: Int, width: Int, sequences: Int, steps: Int) -> Int {
    Arena.bytes(layers * 2 * steps * sequences * width, Float.self) + 2 * Arena.bytes(sequences * steps, Int32.self)
  }
}
