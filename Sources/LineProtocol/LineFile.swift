// SPDX-License-Identifier: Apache-2.0

import System

/// The lines of a file that is read to its end, such as a corpus or gold rows.
///
/// "-" is standard input; gzip files are unpacked. It holds only the current line and two chunks, so a file may have any
/// size and an input may be endless.
package struct LineFile {
  /// The maximum length of a line, in bytes. Rows hold more than a tweet, so the limit is larger than the protocol's.
  package static let limit = 1 << 20

  private let file: UnpackedFile
  private var splitter = LineSplitter(limit: Self.limit)
  private var number = 0
  private var isAtEnd = false

  /// - Throws: `SystemCallError` if the file cannot be opened.
  package init(path: String) throws(SystemCallError) { file = try UnpackedFile(path: path) }

  /// The next line with its number, from 1; nil at the end.
  ///
  /// - Throws: `SystemCallError`, or `PackingError` for a compressed file that cannot be unpacked.
  package mutating func next() throws -> (number: Int, line: LineSplitter.Line)? {
    while true {
      if let line = isAtEnd ? splitter.finish() : splitter.next() {
        number += 1
        return (number, line)
      }
      if isAtEnd { return nil }
      if let chunk = try file.next() { splitter.append(chunk) } else { isAtEnd = true }
    }
  }

  /// The unpacked contents of a file that is expected to be small.
  ///
  /// - Throws: the errors of `next`, and `LargeInput` for more than `limit` bytes.
  package static func contents(of path: String, limit: Int) throws -> [UInt8] {
    let file = try UnpackedFile(path: path)
    var contents: [UInt8] = []
    while let chunk = try file.next() {
      guard chunk.count <= limit - contents.count else { throw LargeInput(path: path, limit: limit) }
      contents += chunk
    }
    return contents
  }
}

/// An input that must fit in memory and exceeds its limit.
package struct LargeInput: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// The limit in bytes, after unpacking.
  package let limit: Int
  /// What to do instead.
  package let advice: String?

  package init(path: String, limit: Int, advice: String? = nil) {
    (self.path, self.limit, self.advice) = (path, limit, advice)
  }

  package var description: String {
    let name = path == "-" ? "standard input" : path
    return "\(name): has more than \(limit >> 20) MiB (unpacked), the limit for this input"
      + (advice.map { "; \($0)" } ?? "")
  }
}
