// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ModelFile

@Suite struct FileSummaryTests {
  @Test func showsEverySectionOnceAndWhoSharesIt() throws {
    let summary = FileSummary(try ContainerFile(MappedFile(sampleBytes()), path: "sample"))
    let lines = summary.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasPrefix("sample: assigner index, format version 1, "))
    #expect(lines.contains("architecture: sample"))
    #expect(lines.contains("rows: 3"))
    #expect(!summary.text.contains("aliases"))
    let vectors = try #require(lines.firstIndex { $0.hasPrefix("  vectors ") })
    #expect(lines[vectors] == "  vectors   float32  3×5  60 bytes")
    #expect(lines[vectors + 1] == "    = twin")
    #expect(summary.text.contains("(LZ4 of 520 bytes)"))
    #expect(summary.sharedSize == 60)
    for section in summary.sections { #expect(lines.filter { $0.hasPrefix("  \(section.name) ") }.count == 1) }
  }

  @Test func jsonHoldsTheSame() throws {
    let file = try ContainerFile(MappedFile(sampleBytes()), path: "sample")
    let json = try JSONValue(parsing: FileSummary(file).json.serialized(pretty: true))
    #expect(try json.string("kind") == "index")
    #expect(try json.integer("size") == file.fileSize)
    #expect(try json.array("sections").count == file.sections.count)
    #expect(try json.strings("sections", "2", "sharedBy") == ["twin"])
    #expect(try json.integers("sections", "2", "shape") == [3, 5])
    #expect(try json.string("metadata", "architecture") == "sample")
  }

  @Test(arguments: [
    (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1_048_575, "1.0 MiB"),
    (29_049_792, "27.7 MiB"), (Int.max, "8388608.0 TiB"),
  ])
  func sizesAreReadable(bytes: Int, text: String) {
    #expect(FileSummary.size(bytes) == text)
  }

  @Test func aHostileStringCannotWriteToTheTerminal() throws {
    var writer = ContainerWriter(kind: .model)
    writer.setMetadata(["architecture": "a\u{1B}[2Jb\nc", "key\u{7}": 1])
    let (head, sections) = try writer.layout(path: "")
    var bytes = head + [UInt8](repeating: 0, count: sections[0].section.offset - head.count)
    try sections[0].pieces { bytes.append(contentsOf: $0) }
    let text = FileSummary(try ContainerFile(MappedFile(bytes), path: "x")).text
    #expect(text.contains(#"architecture: a\u001b[2Jb\nc"#))
    #expect(text.contains(#"key\u0007: 1"#))
  }
}
