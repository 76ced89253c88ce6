// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Why a safetensors file was refused.
package struct SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// The tensor concerned; nil for the header or the whole file.
  package let tensor: String?
  package let rule: Rule

  package enum Rule: Equatable, Sendable {
    /// The file is shorter than the eight bytes of the header's length.
    case headerTooSmall(size: Int)
    /// The header is longer than the format's limit of 100 MB.
    case headerTooLarge(length: UInt64)
    /// The header would end beyond the file.
    case headerBeyondFile(length: UInt64, available: Int)
    /// The header does not begin with "{".
    case headerStart
    /// The header is not JSON, or has duplicate keys.
    case headerJSON(JSONError)
    /// `__metadata__` is not an object of strings.
    case metadata
    /// A tensor's description lacks a field, or has an unknown field or a field of a wrong type.
    case description(String)
    case unknownType(String)
    case shapeOverflow
    case offsetsReversed(begin: Int, end: Int)
    case offsetsBeyondFile(end: Int, available: Int)
    case sizeMismatch(bytes: Int, expected: Int)
    /// The tensor does not begin where the previous tensor ends: there is a hole or an overlap.
    case hole(begin: Int, expected: Int)
    case overlap(begin: Int, expected: Int)
    /// Bytes follow the last tensor.
    case trailingBytes(Int)
    case missingTensor
    /// Weights must be F64, F32, F16 or BF16.
    case notAFloat(String)
    case notFinite(index: Int)
  }

  package var description: String {
    "\(path): " + (tensor.map { "tensor \"\($0)\": " } ?? "") + rule.description
  }
}

extension SafetensorsError.Rule: CustomStringConvertible {
  package var description: String {
    switch self {
    case .headerTooSmall(let size): "has \(size) bytes, too few for a safetensors header"
    case .headerTooLarge(let length): "header claims \(length) bytes, more than the format allows"
    case .headerBeyondFile(let length, let available):
      "header claims \(length) bytes of \(available): the file is cut or no safetensors file"
    case .headerStart: "header does not begin with \"{\""
    case .headerJSON(let error): "header: \(error)"
    case .metadata: "__metadata__ is not an object of strings"
    case .description(let what): what
    case .unknownType(let name): "has unknown type \"\(name)\""
    case .shapeOverflow: "shape times element size overflows"
    case .offsetsReversed(let begin, let end): "data offsets \(begin)...\(end) are reversed"
    case .offsetsBeyondFile(let end, let available): "ends at data byte \(end) of \(available): the file is cut"
    case .sizeMismatch(let bytes, let expected): "has \(bytes) bytes; its shape and type make \(expected)"
    case .hole(let begin, let expected): "begins at data byte \(begin), leaving a hole after \(expected)"
    case .overlap(let begin, let expected): "begins at data byte \(begin), inside the tensor that ends at \(expected)"
    case .trailingBytes(let count): "has \(count) bytes behind the last tensor"
    case .missingTensor: "is missing"
    case .notAFloat(let type): "has type \(type); weights are F64, F32, F16 or BF16"
    case .notFinite(let index): "element \(index) is infinite or not a number"
    }
  }
}
