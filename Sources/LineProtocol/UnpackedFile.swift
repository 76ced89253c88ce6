// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System

/// The bytes of a file, or of standard input ("-"), chunk by chunk; gzip is unpacked on the way. Never holds more than two chunks.
package final class UnpackedFile {
  private static let chunkSize = 1 << 18

  private let descriptor: Descriptor
  /// nil until the first bytes say that the file is packed.
  private var inflate: Inflate?
  private var isBegun = false
  /// What was read and is not yet handed on, or not yet taken by `inflate`.
  private var input: ArraySlice<UInt8> = []
  private var isAtEnd = false
  private var buffer = [UInt8](repeating: 0, count: UnpackedFile.chunkSize)

  /// - Throws: `SystemCallError` where it cannot be opened.
  package init(path: String) throws(SystemCallError) {
    descriptor = path == "-" ? Descriptor.standardInput : try Descriptor.open(reading: path)
  }

  deinit { if descriptor.number != Descriptor.standardInput.number { descriptor.close() } }

  /// The next bytes, at most 256 KiB of them; nil at the end.
  ///
  /// - Throws: `SystemCallError`, or `PackingError` for what is packed in another way than gzip's, cut or damaged.
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

  /// Reads until the first bytes say what the file is.
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
