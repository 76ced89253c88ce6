// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// How every tensor was converted, in the order of the file.
package struct ConversionReport: Sendable, Equatable {
  package struct Row: Sendable, Equatable {
    package let name: String
    package let shape: [Int]
    package let type: ElementType
    /// The tensor whose bytes this one shares.
    package let sharedWith: String?
    /// Why it stays float32; nil for an int8 matrix.
    package let reason: String?
    /// The quantisation error of an int8 matrix; nil for float32.
    package let error: QuantizationError?
  }

  package private(set) var rows: [Row] = []

  mutating func add(
    _ name: String, _ shape: [Int], _ type: ElementType, sharedWith: String?, reason: String? = nil,
    error: QuantizationError? = nil
  ) {
    rows.append(Row(name: name, shape: shape, type: type, sharedWith: sharedWith, reason: reason, error: error))
  }

  /// A text table with one line per tensor: the errors of int8 matrices, and the reasons of float32 tensors.
  package var table: String {
    let width = rows.map(\.name.count).max() ?? 0
    var lines = [
      "tensor".padded(width) + "  " + "shape".padded(12) + "  type     max abs    rel RMS    worst row cosine"
    ]
    for row in rows {
      var line = row.name.padded(width) + "  " + row.shape.map(String.init).joined(separator: "×").padded(12)
      line += "  " + row.type.description.padded(7)
      if let error = row.error {
        line +=
          "  " + JSONText.error(Double(error.largest)).padded(9) + "  " + JSONText.error(Double(error.relativeRMS)).padded(9)
          + "  "
          + JSONText.error(Double(error.worstRowCosine))
      } else if let reason = row.reason {
        line += "  " + reason
      }
      if let shared = row.sharedWith { line += "  = " + shared }
      lines.append(line)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  package var json: JSONValue {
    .array(
      rows.map { row in
        var members: [String: JSONValue] = [
          "name": .string(row.name), "shape": .array(row.shape.map { .integer($0) }),
          "type": .string(row.type.description),
        ]
        if let shared = row.sharedWith { members["sharedWith"] = .string(shared) }
        if let reason = row.reason { members["reason"] = .string(reason) }
        if let error = row.error {
          members["maximumAbsoluteError"] = .number(Double(error.largest))
          members["relativeRMSError"] = .number(Double(error.relativeRMS))
          members["worstRowCosine"] = .number(Double(error.worstRowCosine))
        }
        return .object(members)
      })
  }
}

extension String {
  package func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

extension JSONText {
  /// A number for a table: 6 decimals, or "inf" or "nan".
  package static func error(_ value: Double) -> String { value.isFinite ? decimal(value, places: 6) : "\(value)" }
}
