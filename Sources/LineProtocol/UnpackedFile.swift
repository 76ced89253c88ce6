// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System

/// The bytes of a file, or of standard input ("-"), in chunks. A gzip file is unpacked. It never holds more than two
/// chunks.
package final class UnpackedFile {
  private static let chunkSize = 1 << 18

  private let descriptor: Descriptor
  /// Nil unless the first bytes show that the file is a gzip file.
  private var inflate: Inflate?
  private var isBegun = false
  /// Bytes that are read but not yet returned or consumed by `inflate`.
  private var input: ArraySlice<UInt8> = []
  private var isAtEnd = false
  private var buffer = [UInt8](repeating: 0, count: UnpackedFile.chunkSize)

  /// - Throws: `SystemCallError` if the file cannot be opened.
  package init(path: String) throws(SystemCallError) {
    descriptor = path == "-" ? Descriptor.standardInput : try Descriptor.open(reading: path)
  }

  deinit { if descriptor.number != Descriptor.standardInput.number { descriptor.close() } }

  /// The next bytes, at most 256 KiB; nil at the end.
  ///
  /// - Throws: `SystemCallError`, or `PackingError` for a file in another format than gzip, and for a truncated or damaged file.
  package func next() throws -> ArraySlice<UInt8>? {
    if !isBegun { try begin() }
    guard let inflate else {
      if input.isEmpty { try read() }
      defer { input = [] }
      return input.isEmpty ? nil : input
    }
    while true {
      let (taken, made) = try inflate.unpack(input, into: &buffer)
      input = input.dropFirst(taken)
      if made > 0 { return buffer[..<made] }
      guard input.isEmpty else { continue }
      try read()
      if input.isEmpty {
        try inflate.finish()
        return nil
      }
    }
  }

  /// Reads enough bytes to recognise the format.
  private func begin() throws {
    isBegun = true
    var start: [UInt8] = []
    while start.count < Packing.longestMark, !isAtEnd {
      try read()
      start += input
    }
    input = start[...]
    if GitPointer.isOne(start) { throw PackingError(path: descriptor.name, rule: .gitPointer) }
    guard let packing = Packing(start: start) else { return }
    guard packing == .gzip else { throw PackingError(path: descriptor.name, rule: .unsupported(packing)) }
    inflate = Inflate(path: descriptor.name)
  }

  private func read() throws(SystemCallError) {
    guard !isAtEnd else {
      input = []
      return
    }
    var chunk = [UInt8](repeating: 0, count: Self.chunkSize)
    let count = try descriptor.read(into: &chunk)
    isAtEnd = count == 0
    input = chunk[..<count]
  }
}
