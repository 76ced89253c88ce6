// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors
import Transformer

/// A bidirectional GRU over a text (Microblog Hashtag Generation, Eq. 1 and 2): a state is [forward; backward], of d / 2 numbers
/// each.
struct TextEncoder: Sendable {
  private let layers: [(forward: GRU, backward: GRU)]

  /// Reads "NAME.layers.I.forward" and "NAME.layers.I.backward".
  init(_ reader: TensorReader, _ name: String, inputs: Int, size: Int, layers count: Int) throws(ContainerError) {
    var layers: [(forward: GRU, backward: GRU)] = []
    for layer in 0..<count {
      let (name, inputs) = ("\(name).layers.\(layer)", layer == 0 ? inputs : size)
      layers.append(
        (
          try GRU(reader, name + ".forward", inputs: inputs, size: size / 2),
          try GRU(reader, name + ".backward", inputs: inputs, size: size / 2)
        ))
    }
    self.layers = layers
  }

  private var inputs: Int { layers.first?.forward.input.inputs ?? 0 }
  private var size: Int { 2 * (layers.first?.forward.size ?? 0) }

  /// Writes the last layer's states of a text.
  ///
  /// - Parameters:
  ///   - words: at least one.
  ///   - states: [T, d], written.
  ///   - last: [d], written: each direction's state after its last word.
  func encode(
    _ words: [Int32], _ embedding: Embedding, into states: FloatView, last: UnsafeMutablePointer<Float>, arena: Arena
  ) throws(TensorError) {
    let mark = arena.mark
    defer { arena.release(to: mark) }
    var x = try arena.floats(rows: words.count, columns: inputs)
    for (row, word) in words.enumerated() { embedding.copy(Int(word), to: x.row(row)) }
    let between = try arena.floats(rows: words.count, columns: size)
    for (index, layer) in layers.enumerated() {
      let inner = arena.mark
      defer { arena.release(to: inner) }
      // Both directions read one quantised input. Its floats are no longer needed when the states are written.
      let input = try LinearInput(x, for: layer.forward.input, arena: arena)
      let output = index == layers.count - 1 ? states : between
      let products = try arena.floats(rows: words.count, columns: size)
      try layer.forward.run(input, isBackward: false, into: products, column: 0, last: last, arena: arena)
      try layer.backward.run(
        input, isBackward: true, into: products, column: size / 2, last: last + size / 2, arena: arena)
      output.copy(from: products)
      x = output
    }
  }

  /// Arena bytes that `encode` needs for a text of T words.
  func scratch(length: Int) -> Int {
    let rows = Arena.bytes(length * inputs, Float.self) + 2 * Arena.bytes(length * size, Float.self)
    return rows
      + (layers.map { layer in
        LinearInput.scratch(rows: length, columns: layer.forward.input.inputs, quantized: layer.forward.input.isInt8)
          + max(layer.forward.scratch(length: length), layer.backward.scratch(length: length))
      }.max() ?? 0)
  }
}
