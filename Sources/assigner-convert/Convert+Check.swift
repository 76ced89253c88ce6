import Comparison
import Conversion
import ModelFile

extension Convert {
  /// The written model beside the same networks in the other form, which is written next to it for as long as it takes.
  func compared() throws -> [ModelComparison.Row] {
    let (other, _) = try converted(keepsFloats: !keepsFloats)
    let path = output + ".check"
    try other.write(to: path)
    // The map outlives the name.
    let second: ContainerFile
    do {
      defer { AtomicFile.remove(path) }
      second = try ContainerFile(path: path, kind: .model)
    }
    let first = try ContainerFile(path: output, kind: .model)
    let comparison = ModelComparison(reference: keepsFloats ? first : second, file: keepsFloats ? second : first)
    return try comparison.rows(note: progress)
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
