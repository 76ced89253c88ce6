// SPDX-License-Identifier: Apache-2.0
/// Keys and values of the tokens decoded so far, layer by layer, for sequences that grow together one token a step.
///
/// A sequence is a list of rows: one that branches shares its rows up to there with its sister, and nothing is copied but
/// row numbers. Lies in the arena, taken once for the longest length.
package struct KeyValueCache {
  /// Sequences at most.
  package let sequences: Int
  /// Tokens of each at most.
  package let steps: Int
  /// Tokens of each by now.
  package private(set) var count = 0
  /// [layers × 2 × steps × sequences, width]: a layer's keys, then its values; step by step.
  private let states: FloatView
  /// [sequences, steps]: where each sequence's tokens lie, and the same at the step before.
  private var chosen: UnsafeMutablePointer<Int32>
  private var lastChosen: UnsafeMutablePointer<Int32>

  package init(layers: Int, width: Int, sequences: Int, steps: Int, arena: Arena) throws(TensorError) {
    self.sequences = sequences
    self.steps = steps
    states = try arena.floats(rows: layers * 2 * steps * sequences, columns: width)
    chosen = try arena.integers(sequences * steps)
    lastChosen = try arena.integers(sequences * steps)
  }

  /// Begins a step: sequence i is sequence `parents[i]` of the step before with one token more.
  ///
  /// The caller keeps to `sequences` and `steps`.
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
  /// The rows of a sequence, first token first: `count` of them.
  func rows(_ sequence: Int) -> UnsafePointer<Int32> { UnsafePointer(chosen + sequence * steps) }
  /// [steps × sequences, width]
  func keys(_ layer: Int) -> FloatView { part(2 * layer) }
  func values(_ layer: Int) -> FloatView { part(2 * layer + 1) }

  private func part(_ index: Int) -> FloatView {
    states.rows(from: index * steps * sequences, count: steps * sequences)
  }

  /// Arena bytes of a cache of that shape.
  package static func scratch(layers: Int, width: Int, sequences: Int, steps: Int) -> Int {
    Arena.bytes(layers * 2 * steps * sequences * width, Float.self) + 2 * Arena.bytes(sequences * steps, Int32.self)
  }
}
