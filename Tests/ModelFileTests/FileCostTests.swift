// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import ModelFile

/// The memory that a container makes its reader allocate is bounded before it is allocated.
@Suite struct FileCostTests {
  /// A correct container with this metadata, which the writer may refuse to write.
  private func container(metadata: [UInt8]) throws -> ContainerFile {
    let name = Array(ContainerLayout.metadataName.utf8)
    let frame = try metadata.withUnsafeBytes { bytes in
      Result { () throws(LZ4Frame.Failure) in try LZ4Frame.compress(bytes) }
    }.get()
    let tableSize = ContainerLayout.entrySize + name.count
    let offset = try #require(ContainerLayout.aligned(ContainerLayout.headerSize + tableSize))
    var file = ContainerLayout.magic
    for word: UInt32 in [ContainerLayout.endianness, 1, FileKind.model.rawValue, 1] { file.append(little: word) }
    for long in [ContainerLayout.headerSize, tableSize, offset + frame.count, 0, 0] { file.append(little: UInt64(long)) }
    for word: UInt32 in [0, UInt32(name.count), ElementType.uint8.rawValue, 1, 1, 0] { file.append(little: word) }
    for long in [metadata.count, 0, 0, 0, offset, frame.count, metadata.count] { file.append(little: UInt64(long)) }
    file.append(little: XXH64.hash(frame))
    file.append(little: UInt64(0))
    file += name
    file += [UInt8](repeating: 0, count: offset - file.count) + frame
    return try ContainerFile(MappedFile(resealed(file)), path: "bomb")
  }

  private func refusal(metadata: String) throws -> String {
    do {
      _ = try container(metadata: Array(metadata.utf8))
      return "accepted"
    } catch let error as ContainerError { return error.description }
  }

  private func list(_ item: String, _ count: Int) -> String {
    "{\"x\":[" + String(repeating: item + ",", count: count) + "0]}"
  }

  @Test func metadataIsBoundedBeforeItIsUnpacked() throws {
    #expect(try refusal(metadata: list("0", 1000)) == "accepted")
    let limit = ContainerLayout.maximumMetadataSize
    let text = "{\"x\":\"" + String(repeating: "a", count: limit - 8) + "\"}"
    #expect(try refusal(metadata: text) == "accepted")
    #expect(
      try refusal(metadata: text + " ")
        == "bomb: section \"metadata\", byte 192: metadata: inflates to \(limit + 1) bytes; the limit is \(limit)")
  }

  @Test(arguments: [("0", 1), ("{}", 1), ("[0]", 2), ("{\"\":0}", 2)])
  func valuesOfMetadataAreCounted(item: String, values: Int) throws {
    // Three values are the object, its list, and the 0 at the list's end.
    let most = (ContainerLayout.maximumMetadataValues - 3) / values
    #expect(try refusal(metadata: list(item, most)) == "accepted")
    #expect(try refusal(metadata: list(item, most + 1)).contains("has more than 262144 values"))
  }

  @Test func theWriterRefusesWhatTheReaderWould() throws {
    var writer = ContainerWriter(kind: .model)
    writer.setMetadata(["x": .string(String(repeating: "a", count: ContainerLayout.maximumMetadataSize))])
    #expect(throws: ContainerError.self) { try writer.layout(path: "") }
    writer.setMetadata(["x": .array([JSONValue](repeating: 0, count: ContainerLayout.maximumMetadataValues))])
    #expect(throws: ContainerError.self) { try writer.layout(path: "") }
  }

  @Test func sectionsAreHeldToTheirReadersLimit() throws {
    let folder = TemporaryFolder()
    var writer = ContainerWriter(kind: .model)
    try writer.addCompressed("text", [UInt8](repeating: 0x20, count: 1001))
    try writer.addCompressed("document", [UInt8](repeating: 0x20, count: ContainerLayout.maximumDocumentSize + 1))
    try writer.write(to: folder.file("model"))
    let file = try ContainerFile(path: folder.file("model"))
    #expect(try file.bytes("text", limit: 1001).count == 1001)
    let error = #expect(throws: ContainerError.self) { try file.bytes("text", limit: 1000) }
    #expect(error?.rule == .tooLarge(size: 1001, limit: 1000) && error?.rule.code == "too-large")
    #expect(throws: ContainerError.self) { try file.json("document") }
  }

  @Test func valuesOfADocumentAreCounted() throws {
    #expect(try JSONValue(parsing: Array("[1,{\"a\":[2]}]".utf8), maximumValues: 5) == [1, ["a": [2]]])
    #expect(throws: JSONError(offset: 9, message: "has more than 4 values")) {
      try JSONValue(parsing: Array("[1,{\"a\":[2]}]".utf8), maximumValues: 4)
    }
    let long = String(repeating: "a", count: 100)
    #expect(JSONValue.string(long).footprint > 100)
    #expect(JSONValue.array([1, 2]).footprint >= 3 * MemoryLayout<JSONValue>.stride)
    #expect(JSONValue.object([long: .string(long)]).footprint > 400)
  }
}
