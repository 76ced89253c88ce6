// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// A matrix of doubles in NumPy's format (`.npy`, versions 1 to 3): `'<f8'`, row-major. Other arrays are refused.
struct NumPyTable: Sendable, Equatable {
  let rows: Int
  let columns: Int
  /// The elements in row-major order.
  let values: [Double]

  init(path: String) throws(ConversionError) {
    let bytes = try readFile(path)
    do { try self.init(bytes) } catch { throw .numpy(path: path, error.message) }
  }

  struct Failure: Error {
    let message: String
  }

  init(_ bytes: [UInt8]) throws(Failure) {
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 12 else { throw Failure(message: "is no NumPy file") }
    let version = bytes[6]
    guard (1...3).contains(version) else { throw Failure(message: "has version \(version); this program reads 1 to 3") }
    let lengthSize = version == 1 ? 2 : 4
    let length = bytes[8..<8 + lengthSize].reversed().reduce(0) { $0 << 8 | Int($1) }
    let begin = 8 + lengthSize
    guard length <= bytes.count - begin, let header = String(validating: bytes[begin..<begin + length], as: UTF8.self) else {
      throw Failure(message: "header of \(length) bytes: the file is cut, or it is no text")
    }
    let fields = try Self.fields(header)
    guard fields["descr"] == "'<f8'" else {
      throw Failure(message: "elements are \(fields["descr"] ?? "missing"); only '<f8' is read")
    }
    guard fields["fortran_order"] == "False" else { throw Failure(message: "is not in row-major order") }
    let shape = (fields["shape"] ?? "").dropFirst().dropLast().split(separator: ",").map {
      Int(String($0.drop(while: { $0 == " " })))
    }
    guard shape.count == 2, let rows = shape[0], let columns = shape[1], rows > 0, columns > 0 else {
      throw Failure(message: "shape is \(fields["shape"] ?? "missing"); a matrix is wanted")
    }
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    let data = bytes[(begin + length)...]
    guard !overflow, data.count % 8 == 0, data.count / 8 == count else {
      throw Failure(message: "has \(data.count) bytes of data; its shape makes \(rows) × \(columns) × 8")
    }
    self.rows = rows
    self.columns = columns
    values = data.withUnsafeBytes { data in
      (0..<count).map { Double(bitPattern: UInt64(littleEndian: data.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self))) }
    }
  }

  /// The values of the header, a Python dictionary, as text: {'descr': '<f8', 'fortran_order': False, 'shape': (200, 8), }.
  private static func fields(_ header: String) throws(Failure) -> [String: String] {
    var fields: [String: String] = [:]
    for key in ["descr", "fortran_order", "shape"] {
      let parts = header.split(separator: "'\(key)':", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw Failure(message: "header does not say '\(key)' once") }
      let value = parts[1].drop(while: { $0 == " " })
      let end = value.first == "(" ? value.firstIndex(of: ")").map { value.index(after: $0) } : value.firstIndex(of: ",")
      guard let end else { throw Failure(message: "header: '\(key)' has no end") }
      fields[key] = String(value[..<end])
    }
    return fields
  }
}
