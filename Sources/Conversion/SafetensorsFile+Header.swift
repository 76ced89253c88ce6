// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension SafetensorsFile {
  /// The limit of safetensors' reference implementation, in bytes.
  static let maximumHeaderLength: UInt64 = 100_000_000

  /// Reads and validates the header of a file.
  static func header(
    _ file: UnsafeRawBufferPointer, path: String
  ) throws(SafetensorsError) -> (tensors: [String: Tensor], dataOffset: Int) {
    func fail(_ rule: SafetensorsError.Rule, _ tensor: String? = nil) -> SafetensorsError {
      SafetensorsError(path: path, tensor: tensor, rule: rule)
    }
    guard file.count >= 8 else { throw fail(.headerTooSmall(size: file.count)) }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    guard length <= maximumHeaderLength else { throw fail(.headerTooLarge(length: length)) }
    guard length <= UInt64(file.count - 8) else {
      throw fail(.headerBeyondFile(length: length, available: file.count - 8))
    }
    let dataOffset = 8 + Int(length)
    let text = Array(file[8..<dataOffset])
    guard text.first == UInt8(ascii: "{") else { throw fail(.headerStart) }
    let header: JSONValue
    do {
      // A header is an object of objects of arrays: three levels.
      header = try JSONValue(parsing: text, maximumDepth: 3)
    } catch {
      throw fail(.headerJSON(error))
    }
    guard case .object(let members) = header else { throw fail(.headerStart) }
    var tensors: [String: Tensor] = [:]
    for (name, value) in members {
      if name == "__metadata__" {
        guard case .object(let texts) = value,
          texts.values.allSatisfy({ if case .string = $0 { true } else { false } })
        else { throw fail(.metadata) }
      } else {
        do {
          tensors[name] = try tensor(value)
        } catch {
          throw fail(error, name)
        }
      }
    }
    try checkRanges(tensors, dataSize: file.count - dataOffset, path: path)
    return (tensors, dataOffset)
  }

  private static func tensor(_ value: JSONValue) throws(SafetensorsError.Rule) -> Tensor {
    guard case .object(let fields) = value else { throw .description("is described by \(value.typeDescription)") }
    if let unknown = fields.keys.filter({ !["dtype", "shape", "data_offsets"].contains($0) }).min() {
      throw .description("has an unknown field \"\(unknown)\"")
    }
    let typeName: String
    let shape: [Int]
    let offsets: [Int]
    do {
      typeName = try value.string("dtype")
      shape = try value.integers("shape")
      offsets = try value.integers("data_offsets")
    } catch {
      throw .description("\(error)")
    }
    guard let type = SafetensorsType(rawValue: typeName) else { throw .unknownType(typeName) }
    guard offsets.count == 2, offsets[0] >= 0 else { throw .description("data_offsets: is not two offsets") }
    guard offsets[0] <= offsets[1] else { throw .offsetsReversed(begin: offsets[0], end: offsets[1]) }
    var size = type.size
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { throw .shapeOverflow }
      size = product
    }
    guard offsets[1] - offsets[0] == size else {
      throw .sizeMismatch(bytes: offsets[1] - offsets[0], expected: size)
    }
    return Tensor(type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// Checks that the tensors cover the data without holes or overlaps.
  private static func checkRanges(
    _ tensors: [String: Tensor], dataSize: Int, path: String
  ) throws(SafetensorsError) {
    func fail(_ rule: SafetensorsError.Rule, _ tensor: String? = nil) -> SafetensorsError {
      SafetensorsError(path: path, tensor: tensor, rule: rule)
    }
    var end = 0
    let ordered = tensors.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key) < (
        $1.value.range.lowerBound, $1.value.range.upperBound, $1.key
      )
    }
    for (name, tensor) in ordered {
      let range = tensor.range
      if range.lowerBound > end { throw fail(.hole(begin: range.lowerBound, expected: end), name) }
      if range.lowerBound < end { throw fail(.overlap(begin: range.lowerBound, expected: end), name) }
      guard range.upperBound <= dataSize else {
        throw fail(.offsetsBeyondFile(end: range.upperBound, available: dataSize), name)
      }
      end = range.upperBound
    }
    guard end == dataSize else { throw fail(.trailingBytes(dataSize - end)) }
  }
}

extension SafetensorsError.Rule: Error {}
