// SPDX-License-Identifier: Apache-2.0

import Comparison
import Conversion
import FloatLibrary
import ModelFile
import System

extension Convert {
  /// Compares the model with the same networks in the other type. Both files exist in the output's folder during the
  /// comparison.
  func compared(_ writer: ContainerWriter, beside output: OutputFile) throws -> [ModelComparison.Row] {
    let first = try Self.passing(writer, output)
    let second = try Self.passing(converted(keepsFloats: !keepsFloats).writer, output)
    let comparison = ModelComparison(
      reference: keepsFloats ? first : second, file: keepsFloats ? second : first, products: .fastest)
    return try comparison.rows(note: progress)
  }

  /// Writes a temporary file and maps it. The map stays valid after the file is removed.
  private static func passing(_ writer: ContainerWriter, _ output: OutputFile) throws -> ContainerFile {
    let file = try AtomicFile(output)
    try writer.write(into: file, path: output.path)
    return try withExtendedLifetime(file) { try ContainerFile(path: file.part ?? output.path, kind: .model) }
  }

  static func table(_ rows: [ModelComparison.Row]) -> String {
    var lines = ["", "int8 beside float32".padded(32) + "lowest cosine  at least  largest difference"]
    for row in rows {
      lines.append(
        "\(row.network): \(row.what)".padded(32) + JSONText.error(row.cosine).padded(15)
          + JSONText.decimal(row.bound, places: 2).padded(10) + JSONText.error(row.difference) + (row.passes ? "" : "  too far"))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func json(_ rows: [ModelComparison.Row]) -> JSONValue {
    .array(
      rows.map { row in
        [
          "network": .string(row.network), "what": .string(row.what), "lowestCosine": .number(row.cosine),
          "bound": .number(row.bound), "largestDifference": .number(row.difference), "passes": .bool(row.passes),
        ]
      })
  }
}
