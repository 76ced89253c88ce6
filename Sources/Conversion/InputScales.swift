// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Factors for the inputs of linear layers before they are quantised. Without them, the few columns with large activations
/// would reduce the precision of all others (SmoothQuant, Xiao et al., 2023). Training measures the factors and writes
/// `input_scales.safetensors` beside a checkpoint's weights. The file is optional.
struct InputScales: Sendable {
  let path: String
  /// By the name in the model file, ending in ".inputScale".
  private let scales: [String: [Float]]

  static let none = InputScales()

  private init() {
    path = ""
    scales = [:]
  }

  /// - Parameter network: the network's name in the model file, for example "retriever"; the file's names lack it.
  init(_ folder: CheckpointFolder, network: String) throws(ConversionError) {
    path = folder.path(of: "input_scales.safetensors")
    var scales: [String: [Float]] = [:]
    guard let file = try Self.open(path) else {
      self.scales = scales
      return
    }
    for name in file.tensors.keys {
      scales[ModelLayout.prefix(of: network) + name] = try file.floats(name)
    }
    self.scales = scales
  }

  private static func open(_ path: String) throws(ConversionError) -> SafetensorsFile? {
    do {
      return try SafetensorsFile(path: path)
    } catch {
      if case .file(let reason) = error, case .missingFile = reason.rule { return nil }
      throw error
    }
  }

  /// The scales of a matrix's input columns, and the name of their section; nil without scales.
  /// - Throws: `inputScale` for a wrong count, or for a scale outside 1e-6...1e6.
  func find(_ matrix: String, columns: Int) throws(ConversionError) -> (name: String, values: [Float])? {
    let name = Self.name(matrix)
    guard let values = scales[name] else { return nil }
    guard values.count == columns else {
      throw .inputScale(path: path, tensor: name, "has \(values.count) elements, not \(columns)")
    }
    guard values.allSatisfy({ $0 >= 1e-6 && $0 <= 1e6 }) else {
      throw .inputScale(path: path, tensor: name, "has an element outside 1e-6...1e6")
    }
    return (name, values)
  }

  /// The names of scales that no matrix of `rules` uses.
  func unknown(_ rules: [TensorRule]) -> [String] {
    let known = Set(rules.filter { $0.storage == .matrix }.map { Self.name($0.target) })
    return scales.keys.filter { !known.contains($0) }.sorted()
  }

  /// The section of a matrix's scales. Layers with the same input share their scales: "attention.query.weight" has
  /// "attention.inputScale".
  static func name(_ matrix: String) -> String {
    var parts = matrix.split(separator: ".")
    guard parts.count >= 3, parts.last == "weight" else { return matrix + ".inputScale" }
    parts.removeLast()
    let layer = parts[parts.count - 1]
    let block = parts[parts.count - 2]
    if block == "crossAttention", layer == "key" || layer == "value" {
      parts[parts.count - 1] = "source"
    } else if block == "attention" || block == "selfAttention", layer == "query" || layer == "key" || layer == "value" {
      parts.removeLast()
    }
    return parts.joined(separator: ".") + ".inputScale"
  }
}
