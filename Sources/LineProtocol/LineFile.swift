// SPDX-License-Identifier: Apache-2.0

import System

/// Lines of a file that is read to its end: a corpus, gold rows. "-" is standard input; packed files are unpacked.
package struct LineFile: Sendable {
  /// The longest line of such a file. Rows carry more than a tweet, so the protocol's limit is not theirs.
  package static let limit = 1 << 20

  /// The bytes of the file, unpacked.
  package let contents: [UInt8]

  /// - Throws: `SystemCallError`, or `Gzip.Fault` for a broken packed file.
  package init(path: String) throws {
    let descriptor = path == "-" ? Descriptor.standardInput : try Descriptor.open(reading: path)
    defer { if path != "-" { descriptor.close() } }
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try descriptor.read(into: &chunk)
      if count == 0 { break }
      all += chunk[..<count]
    }
    contents = Gzip.isPacked(all) ? try Gzip.unpack(all) : all
  }

  /// Hands over every line with its number, from 1.
  package func forEach(_ body: (_ number: Int, _ line: LineSplitter.Line) throws -> Void) rethrows {
    var splitter = LineSplitter(limit: Self.limit)
    var number = 0
    for start in stride(from: 0, to: contents.count, by: 1 << 18) {
      splitter.append(contents[start..<min(start + 1 << 18, contents.count)])
      while let line = splitter.next() {
        number += 1
        try body(number, line)
      }
    }
    if let line = splitter.finish() { try body(number + 1, line) }
  }
}
