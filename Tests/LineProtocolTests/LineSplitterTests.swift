// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LineProtocol

@Suite struct LineSplitterTests {
  /// Feeds the text in pieces of the given size and collects the lines.
  private func split(_ text: [UInt8], pieces: Int, limit: Int = 16) -> [LineSplitter.Line] {
    var splitter = LineSplitter(limit: limit)
    var lines: [LineSplitter.Line] = []
    for start in stride(from: 0, to: text.count, by: pieces) {
      splitter.append(text[start..<min(start + pieces, text.count)])
      while let line = splitter.next() { lines.append(line) }
    }
    if let line = splitter.finish() { lines.append(line) }
    return lines
  }

  private func lines(_ texts: String...) -> [LineSplitter.Line] { texts.map { .bytes(Array($0.utf8)) } }

  @Test(arguments: 1...9) func lineEndsInAnyPieces(pieces: Int) {
    #expect(split(Array("a\nbb\r\n\nc\r\r\nd".utf8), pieces: pieces) == lines("a", "bb", "", "c\r", "d"))
    #expect(split(Array("a\n".utf8), pieces: pieces) == lines("a"))
    #expect(split([], pieces: pieces) == [])
    #expect(split(Array("\n\r\n".utf8), pieces: pieces) == lines("", ""))
    #expect(split(Array("end\r".utf8), pieces: pieces) == lines("end"))
  }

  @Test(arguments: 1...20) func longLinesAreReportedOnceInTheirPlace(pieces: Int) {
    let exact = String(repeating: "x", count: 16)
    let long = String(repeating: "y", count: 17)
    let text = "\(exact)\n\(exact)\r\n\(long)\nok\n\(long)\r\n\(String(repeating: "z", count: 999))\nend\(exact)"
    let expected = lines(exact, exact) + [.tooLong] + lines("ok") + [.tooLong, .tooLong, .tooLong]
    #expect(split(Array(text.utf8), pieces: pieces) == expected)
  }

  @Test func byteOrderMarkIsNoPartOfTheFirstLine() {
    #expect(split(Array("\u{FEFF}a\n\u{FEFF}b".utf8), pieces: 2) == lines("a", "\u{FEFF}b"))
  }

  @Test func memoryStaysConstantInALineWithoutEnd() {
    var splitter = LineSplitter(limit: 1000)
    let chunk = [UInt8](repeating: 0x61, count: 64 * 1024)
    for _ in 0..<20 {
      splitter.append(chunk[...])
      #expect(splitter.next() == nil)
    }
    #expect(splitter.bufferedBytes <= chunk.count + 1001)
    #expect(splitter.finish() == .tooLong)
  }
}
