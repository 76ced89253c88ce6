// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import LineProtocol

@Suite struct LineFileTests {
  private let folder = TemporaryFolder()

  private func lines(_ path: String) throws -> [(number: Int, line: LineSplitter.Line)] {
    var file = try LineFile(path: path)
    var lines: [(number: Int, line: LineSplitter.Line)] = []
    while let next = try file.next() { lines.append(next) }
    return lines
  }

  /// Lines of all lengths over several chunks; the last line has no line end.
  @Test func linesComeWholeAndNumbered() throws {
    let expected = (0..<3000).map { [UInt8](repeating: UInt8(0x61 + $0 % 26), count: $0 * 7 % 911) } + [[0x7A]]
    let path = folder.write("lines", Array(expected.joined(separator: [0x0A])))
    let found = try lines(path)
    #expect(found.map(\.line) == expected.map { .bytes($0) })
    #expect(found.map(\.number) == Array(1...expected.count))
    #expect(try lines(folder.write("empty", "")).isEmpty)
    #expect(try lines(folder.write("ended", "a\r\n\n")).map(\.line) == [.bytes([0x61]), .bytes([])])
  }

  @Test func aLongLineCostsItselfOnly() throws {
    let long = String(repeating: "a", count: LineFile.limit)
    let found = try lines(folder.write("lines", long + "\n" + long + "a\nb\n"))
    #expect(found.map(\.line) == [.bytes(Array(long.utf8)), .tooLong, .bytes([0x62])])
  }

  @Test func aWholeFileHasALimit() throws {
    let path = folder.write("whole", [UInt8](repeating: 0x61, count: 1 << 20))
    #expect(try LineFile.contents(of: path, limit: 1 << 20).count == 1 << 20)
    let error = #expect(throws: LargeInput.self) { try LineFile.contents(of: path, limit: (1 << 20) - 1) }
    #expect(error?.description == "\(path): has more than 0 MiB (unpacked), the limit for this input")
  }
}
