// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A model file, and the golden values of the checkpoint that it was converted from.
package struct GoldenModel: Sendable, CustomStringConvertible {
  package let description: String
  package let path: String
  /// Whether the weights are the checkpoint's own floats. Results of a float model are compared by difference, others by angle.
  package let isFloat: Bool
  private let transformerPath: String
  private let diffusionPath: String

  package func transformerBook() throws -> GoldenBook { try GoldenBook(path: transformerPath) }
  package func diffusionBook() throws -> GoldenBook { try GoldenBook(path: diffusionPath) }

  /// The project's folder.
  package static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  /// The small random network in float: the reference for every run.
  package static let tiny = tiny("model", isFloat: true)
  /// The same network in int8.
  package static let tinyInt8 = tiny("model-int8", isFloat: false)

  /// The default model, or the one that ASSIGNER_INT8_MODEL names, if it and its golden values exist.
  package static let standard = full(
    "default model", environment("ASSIGNER_INT8_MODEL") ?? root + "/Models/assigner.model", isFloat: false)

  /// The checkpoint's float weights, which are too large for the repository. `Tools/golden` creates them and names them in
  /// ASSIGNER_FLOAT_MODEL.
  package static let standardFloat = environment("ASSIGNER_FLOAT_MODEL").flatMap { full("float model", $0, isFloat: true) }

  /// The float models that exist.
  package static let floats = [tiny] + [standardFloat].compactMap { $0 }

  private static func tiny(_ name: String, isFloat: Bool) -> GoldenModel {
    let folder = root + "/Tests/GoldenFixtures/Tiny/"
    return GoldenModel(
      description: "tiny \(isFloat ? "float" : "int8")", path: folder + name + ".assigner", isFloat: isFloat,
      transformerPath: folder + "transformer", diffusionPath: folder + "diffusion")
  }

  /// ASSIGNER_GOLDEN is the folder that `networks.py` wrote to; the default is Tests.
  private static func full(_ description: String, _ path: String, isFloat: Bool) -> GoldenModel? {
    let folder = environment("ASSIGNER_GOLDEN") ?? root + "/Tests"
    let model = GoldenModel(
      description: description, path: path, isFloat: isFloat,
      transformerPath: folder + "/TransformerTests/Fixtures/golden",
      diffusionPath: folder + "/DiffusionTests/Fixtures/golden")
    let files = [path, model.transformerPath + ".json", model.diffusionPath + ".json"]
    return files.allSatisfy { access($0, R_OK) == 0 } ? model : nil
  }

  private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

extension GoldenModel {
  /// The folder for temporary files of tests.
  package static var temporaryFolder: String { environment("TMPDIR") ?? "/tmp" }
}
