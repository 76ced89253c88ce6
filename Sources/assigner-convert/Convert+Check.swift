// SPDX-License-Identifier: Apache-2.0

import Comparison
import Conversion
import ModelFile
import System

extension Convert {
  /// The model beside the same networks in the other form; both lie next to the output for as long as it takes.
  func compared(_ writer: ContainerWriter) throws -> [ModelComparison.Row] {
    let first = try passing(writer)
    let second = try passing(converted(keepsFloats: !keepsFloats).writer)
    let comparison = ModelComparison(reference: keepsFloats ? first : second, file: keepsFloats ? second : first)
    return try comparison.rows(note: progress)
  }

  /// A file without a name: its map outlives that.
  private func passing(_ writer: ContainerWriter) throws -> ContainerFile {
    let path = output + ".check"
    let temporary = TemporaryPath(path)
    defer {
      AtomicFile.remove(path)
      temporary.forget()
    }
    try writer.write(to: path)
    return try ContainerFile(path: path, kind: .model)
  }

  static func table(_ rows: [ModelComparison.Row]) -> String {
    var lines = ["", "int8 beside float32".padded(32) + "lowest cosine  at least  largest difference"]
    for row in rows {
      lines.append(
        "\(row.network): \(row.what)".padded(32) + Float(row.cosine).fixed(6).padded(15)
          + Float(row.bound).fixed(2).padded(10) + Float(row.difference).fixed(6) + (row.passes ? "" : "  too far"))
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
