// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// Reads one network's tensors from a model file and checks each shape against the hyper-parameters. Errors name the tensor.
/// Results point into the file's memory map and keep the file alive.
package struct TensorReader {
  package let file: ContainerFile
  /// The prefix with its slash: "retriever/".
  package let prefix: String
  /// How float32 linear layers are multiplied.
  private let products: FloatProducts

  package init(file: ContainerFile, prefix: String, products: FloatProducts = .kernels) {
    self.file = file
    self.prefix = prefix
    self.products = products
  }

  /// A reader for a part of this network: "layers.0.".
  package func part(_ name: String) -> TensorReader {
    TensorReader(file: file, prefix: prefix + name, products: products)
  }

  /// A matrix: int8 with "NAME.scale", packed (four dimensions, `PackedMatrix`) or row by row, or float32.
  ///
  /// - Parameter inputScale: the section [columns] with the input scales of an int8 matrix, if the file has it.
  package func weights(
    _ name: String, rows: Int, columns: Int, inputScale: String? = nil
  ) throws(ContainerError) -> Weights {
    let name = prefix + name
    guard let section = file.section(name) else { throw file.failure(.missingSection, section: name) }
    if section.type == .int8 {
      let packed = section.shape.count == 4
      let values = try file.int8(
        name, shape: packed ? PackedMatrix.shape(rows: rows, columns: columns) : [rows, columns])
      let scales = try file.floats(scaleName(of: name), shape: [rows])
      guard let values = values.baseAddress, let scales = scales.baseAddress else { throw empty(name) }
      var inputScales: UnsafePointer<Float>?
      if let inputScale, file.contains(prefix + inputScale) { inputScales = try vector(inputScale, count: columns) }
      return .int8(
        Int8Weights(
          values: values, isPacked: packed, scales: scales, rows: rows, columns: columns, inputScales: inputScales,
          owner: file))
    }
    let values = try file.floats(name, shape: [rows, columns])
    guard let values = values.baseAddress else { throw empty(name) }
    return .float32(FloatWeights(values: values, rows: rows, columns: columns, owner: file, products: products))
  }

  /// The name of a matrix's scales. For an alias in the metadata they may be aliased too, or stand under the target's name.
  private func scaleName(of name: String) -> String {
    if file.contains(name + ".scale") { return name + ".scale" }
    return (file.aliases[name] ?? name) + ".scale"
  }

  /// A float32 vector. The caller must keep the file alive.
  package func vector(_ name: String, count: Int) throws(ContainerError) -> UnsafePointer<Float> {
    guard let base = try file.floats(prefix + name, shape: [count]).baseAddress else { throw empty(prefix + name) }
    return base
  }

  /// Reads "NAME.weight" [outputs, inputs], "NAME.bias" [outputs] and, if present, "NAME.inputScale" [inputs].
  ///
  /// - Parameter group: the name for the input scales that layers with the same input share.
  package func linear(
    _ name: String, group: String? = nil, outputs: Int, inputs: Int
  ) throws(ContainerError) -> Linear {
    Linear(
      weights: try weights(
        name + ".weight", rows: outputs, columns: inputs, inputScale: (group ?? name) + ".inputScale"),
      bias: try vector(name + ".bias", count: outputs))
  }

  /// Reads "NAME.weight" and "NAME.bias" [size].
  package func layerNorm(_ name: String, size: Int, epsilon: Float) throws(ContainerError) -> LayerNorm {
    LayerNorm(
      weight: try vector(name + ".weight", count: size), bias: try vector(name + ".bias", count: size), size: size,
      epsilon: epsilon, owner: file)
  }

  /// Reads an embedding table [rows, size]: like a matrix, or in 4 bits (uint8) with "NAME.scale".
  package func embedding(_ name: String, rows: Int, size: Int) throws(ContainerError) -> Embedding {
    guard file.section(prefix + name)?.type == .uint8 else { return Embedding(try weights(name, rows: rows, columns: size)) }
    let name = prefix + name
    guard size % FourBitWeights.blockColumns == 0 else {
      throw file.failure(.value("has 4 bits, and its \(size) columns are not a multiple of 32"), section: name)
    }
    let values = try file.uint8(name, shape: FourBitWeights.shape(rows: rows, columns: size))
    let scales = try file.uint16(scaleName(of: name), shape: [rows, size / FourBitWeights.blockColumns])
    guard let values = values.baseAddress, let scales = scales.baseAddress else { throw empty(name) }
    return Embedding(FourBitWeights(values: values, scales: scales, rows: rows, columns: size, owner: file))
  }

  /// Reads "NAME.query", ".key" and ".value", which share their input and so "NAME.inputScale", and "NAME.output".
  package func selfAttention(_ name: String, width: Int, heads: Int) throws(ContainerError) -> MultiHeadAttention {
    MultiHeadAttention(
      query: try linear(name + ".query", group: name, outputs: width, inputs: width),
      key: try linear(name + ".key", group: name, outputs: width, inputs: width),
      value: try linear(name + ".value", group: name, outputs: width, inputs: width),
      output: try linear(name + ".output", outputs: width, inputs: width), heads: heads)
  }

  /// Reads "NAME.query", applied to the target; "NAME.key" and ".value", applied to the source, which share
  /// "NAME.source.inputScale"; and "NAME.output".
  package func crossAttention(_ name: String, width: Int, heads: Int) throws(ContainerError) -> MultiHeadAttention {
    MultiHeadAttention(
      query: try linear(name + ".query", outputs: width, inputs: width),
      key: try linear(name + ".key", group: name + ".source", outputs: width, inputs: width),
      value: try linear(name + ".value", group: name + ".source", outputs: width, inputs: width),
      output: try linear(name + ".output", outputs: width, inputs: width), heads: heads)
  }

  /// Reads "NAME.up" [inner, width] and "NAME.down" [width, inner].
  package func feedForward(_ name: String, width: Int, inner: Int) throws(ContainerError) -> FeedForward {
    FeedForward(
      up: try linear(name + ".up", outputs: inner, inputs: width),
      down: try linear(name + ".down", outputs: width, inputs: inner))
  }

  private func empty(_ name: String) -> ContainerError { file.failure(.value("is empty"), section: name) }
}
