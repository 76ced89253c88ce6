// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// Keys and values of one source for every decoder layer: computed once a tweet, used by every denoising step.
package struct SourceMemory {
  /// [layers × 2 × S, d]: keys, then values, layer by layer.
  let states: FloatView
  /// S, the number of source tokens.
  package let rows: Int

  func keys(_ layer: Int) -> FloatView { states.rows(from: 2 * layer * rows, count: rows) }
  func values(_ layer: Int) -> FloatView { states.rows(from: (2 * layer + 1) * rows, count: rows) }
}

/// BART's decoder between embeddings and output: positions, layer norm, post-norm layers. Its attention is bidirectional
/// (denoising, ASSIGNER Eq. 5) or causal (the final pass, Eq. 14, and autoregressive generation).
package struct Decoder: Sendable {
  /// Width d of the hidden states.
  package let hiddenSize: Int
  /// Rows of the position table: the longest target.
  package let positionCount: Int
  let positions: Embedding
  let norm: LayerNorm
  let layers: [DecoderLayer]

  /// Reads "NAME/position", "NAME/norm.*" and "NAME/layers.*". The hyper-parameters are the metadata's object at the path
  /// `name`, split at slashes.
  ///
  /// - Parameter positions: rows of the position table.
  package init(
    file: ContainerFile, name: String, positions positionCount: Int, products: FloatProducts = .kernels
  ) throws(ContainerError) {
    self.positionCount = positionCount
    let path = name.split(separator: "/").map(String.init)
    let shape = try LayerConfiguration(Hyperparameters(file: file, path: path))
    hiddenSize = shape.hiddenSize
    let reader = TensorReader(file: file, prefix: name + "/", products: products)
    positions = try reader.embedding("position", rows: positionCount, size: hiddenSize)
    norm = try reader.layerNorm("norm", size: hiddenSize, epsilon: shape.layerNormEpsilon)
    var layers: [DecoderLayer] = []
    for index in 0..<shape.layers {
      layers.append(try DecoderLayer(reader.part("layers.\(index)."), shape))
    }
    self.layers = layers
  }

  /// Keys and values of an encoder output [S, d]. They lie in the arena; release it after the tweet.
  package func sourceMemory(of source: FloatView, arena: Arena) throws(TensorError) -> SourceMemory {
    let states = try arena.floats(rows: layers.count * 2 * source.rows, columns: hiddenSize)
    let memory = SourceMemory(states: states, rows: source.rows)
    for (index, layer) in layers.enumerated() {
      try layer.crossAttention.project(
        source, keys: memory.keys(index), values: memory.values(index), arena: arena)
    }
    return memory
  }

  /// Replaces the embedded target `x` [l, d], l ≤ `positionCount`, by the last hidden states.
  package func apply(
    _ x: FloatView, source: SourceMemory, causal: Bool, arena: Arena
  ) throws(TensorError) {
    precondition(x.rows <= positionCount && x.columns == hiddenSize)
    for position in 0..<x.rows { positions.add(position, to: x.row(position)) }
    norm.apply(x)
    for (index, layer) in layers.enumerated() {
      try layer.apply(
        x, keys: source.keys(index), values: source.values(index), as: .sequence(causal: causal), arena: arena)
    }
  }

  /// Computes row i of the causal `apply` for n sequences at once, where i is the cache's newest position. Replaces `x` [n, d],
  /// the embeddings of each sequence's newest token, by their last hidden states. The caller has extended the cache for these
  /// tokens. The result is bit-identical to `apply` over each whole sequence.
  package func step(
    _ x: FloatView, source: SourceMemory, cache: KeyValueCache, arena: Arena
  ) throws(TensorError) {
    precondition(x.rows <= cache.sequences && cache.count <= positionCount && x.columns == hiddenSize)
    for row in 0..<x.rows { positions.add(cache.count - 1, to: x.row(row)) }
    norm.apply(x)
    for (index, layer) in layers.enumerated() {
      try layer.apply(
        x, keys: source.keys(index), values: source.values(index), as: .step(cache, layer: index), arena: arena)
    }
  }

  /// An empty cache for `step`. It stays in the arena until the caller releases it.
  package func cache(sequences: Int, steps: Int, arena: Arena) throws(TensorError) -> KeyValueCache {
    try KeyValueCache(
      layers: layers.count, width: hiddenSize, sequences: sequences, steps: min(steps, positionCount), arena: arena)
  }

  /// Arena bytes that `cache` keeps, and bytes that `step` needs.
  package func scratchToStep(sequences: Int, steps: Int, sourceRows: Int) -> (kept: Int, needed: Int) {
    let steps = min(steps, positionCount)
    let kept = KeyValueCache.scratch(layers: layers.count, width: hiddenSize, sequences: sequences, steps: steps)
    return (kept, layers.map { $0.scratch(rows: sequences, sourceRows: sourceRows, steps: steps) }.max() ?? 0)
  }

  /// Arena bytes that `sourceMemory` keeps, and bytes that it needs, for a source of this many tokens.
  package func scratchForSource(sourceRows: Int) -> (kept: Int, needed: Int) {
    let kept = Arena.bytes(layers.count * 2 * sourceRows * hiddenSize, Float.self)
    let projecting = layers.map { $0.crossAttention.scratchToProject(rows: sourceRows) }.max() ?? 0
    return (kept, kept + projecting)
  }

  /// Arena bytes that `apply` needs.
  package func scratch(rows: Int, sourceRows: Int) -> Int {
    layers.map { $0.scratch(rows: rows, sourceRows: sourceRows) }.max() ?? 0
  }
}
