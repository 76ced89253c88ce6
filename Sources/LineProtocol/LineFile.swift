// SPDX-License-Identifier: Apache-2.0

import System

/// Lines of a file that is read to its end, one after the other: a corpus, gold rows. "-" is standard input; packed files are
/// unpacked. Holds the line in hand and two chunks, so that a file may have any size and an input no end.
package struct LineFile {
  /// The longest line of such a file. Rows carry more than a tweet, so the protocol's limit is not theirs.
  package static let limit = 1 << 20

  private let file: UnpackedFile
  private var splitter = LineSplitter(limit: Self.limit)
  private var number = 0
  private var isAtEnd = false

  /// - Throws: `SystemCallError` where it cannot be opened.
  package init(path: String) throws(SystemCallError) { file = try UnpackedFile(path: path) }

  /// The next line with its number, from 1; nil at the end.
  ///
  /// - Throws: `SystemCallError`, or `PackingError` for a packed file that cannot be unpacked here.
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

  /// The whole of a file that is small by nature, unpacked.
  ///
  /// - Throws: as `next`, and `LargeInput` where there is more than `limit` bytes.
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

/// An input that must be in memory as a whole, and is larger than there is any reason for.
package struct LargeInput: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// Bytes, unpacked.
  package let limit: Int
  /// What to do instead.
  package let advice: String?

  package init(path: String, limit: Int, advice: String? = nil) {
    (self.path, self.limit, self.advice) = (path, limit, advice)
  }

  package var description: String {
    let name = path == "-" ? "standard input" : path
    return "\(name): has more than \(limit >> 20) MiB, unpacked, which is the most that is read here"
      + (advice.map { "; \($0)" } ?? "")
  }
}
