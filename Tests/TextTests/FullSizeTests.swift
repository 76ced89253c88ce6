// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile
import Testing

@testable import Text

/// Tools/full-size creates the folder and names it in ASSIGNER_FULL_SIZE.
private let folder: String? = ProcessInfo.processInfo.environment["ASSIGNER_FULL_SIZE"]
  .flatMap { FileManager.default.fileExists(atPath: $0 + "/rows.jsonl") ? $0 : nil }

private func read(_ name: String) throws -> [UInt8] {
  try [UInt8](Data(contentsOf: URL(fileURLWithPath: #require(folder) + "/" + name)))
}

/// A text and its tokens from `tokenizers`: plain, with a prefix space, with special tokens as text.
private struct Row: Decodable {
  let text: String
  let ids: [[Int32]]

  init(from decoder: any Decoder) throws {
    var row = try decoder.unkeyedContainer()
    text = try row.decode(String.self)
    ids = try (0..<3).map { _ in try row.decode([Int32].self) }
  }
}

@Test(.enabled(if: folder != nil, "run Tools/full-size byte-level-bpe"))
func fullSizeByteLevelBPE() throws {
  let vocabulary = try JSONValue(parsing: read("checkpoint/vocab.json"))
  let merges = try read("checkpoint/merges.txt")
  var options = HuggingFaceTokenizerOptions()
  let plain = try ByteLevelBPE(vocabulary: vocabulary, merges: merges, options: options)
  options.addsPrefixSpace = true
  let spaced = try ByteLevelBPE(vocabulary: vocabulary, merges: merges, options: options)
  func encode(_ text: String, _ tokenizer: ByteLevelBPE, _ specialTokens: SpecialTokens = .recognized) -> [Int32] {
    var ids: [Int32] = []
    tokenizer.encode(text, into: &ids, specialTokens: specialTokens)
    return ids
  }
  let decoder = JSONDecoder()
  let rows = try read("rows.jsonl").split(separator: 0x0A).map { try decoder.decode(Row.self, from: Data($0)) }
  #expect(rows.count >= 20000)
  var bytes = 0
  for row in rows {
    #expect(encode(row.text, plain) == row.ids[0] && encode(row.text, spaced) == row.ids[1], "\(row.text.debugDescription)")
    let text = encode(row.text, plain, .asText)
    #expect(text == row.ids[2] && plain.bytes(of: text) == Array(row.text.utf8), "\(row.text.debugDescription)")
    bytes += row.text.utf8.count
  }
  let clock = ContinuousClock()
  let (storedPieces, storedMerges) = (plain.storedPieces, plain.storedMerges)
  let loading = try clock.measure {
    _ = try ByteLevelBPE(storedPieces: storedPieces, storedMerges: storedMerges, settings: plain.settings)
  }
  let encoding = clock.measure { for row in rows { _ = encode(row.text, plain) } }
  let long = String(repeating: "flood", count: 65536 / 5)
  let word = clock.measure { _ = encode(long, plain) }
  print(
    "byte-level-bpe: \(rows.count) strings as in tokenizers; \(plain.count) pieces load in \(loading), from \(storedPieces.count + storedMerges.count) bytes;",
    "\(bytes) bytes of text take \(encoding), a word of 64 KiB \(word)")
}

private let unigramFolder: String? = ProcessInfo.processInfo.environment["ASSIGNER_FULL_SIZE"]
  .flatMap { FileManager.default.fileExists(atPath: $0 + "/tokenizer.unigram.jsonl") ? $0 : nil }

@Test(.enabled(if: unigramFolder != nil, "run Tools/full-size unigram"))
func fullSizeUnigram() throws {
  let folder = try #require(unigramFolder)
  func read(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))) }
  let decoder = JSONDecoder()
  let clock = ContinuousClock()
  var (count, bytes) = (0, 0)
  var encoding = Duration.zero
  for family in ["tokenizer"] + UnigramTests.families {
    let unigram = try Unigram(tokenizer: JSONValue(parsing: read("checkpoint/\(family).json")))
    let tokenizer = Tokenizer.unigram(unigram)
    let rows = try read(family + ".unigram.jsonl").split(separator: 0x0A)
      .map { try decoder.decode(UnigramTests.Sample.self, from: Data($0)) }
    for row in rows { #expect(row.fits(tokenizer), "\(family): \(row.text.debugDescription)") }
    count += rows.count
    guard family == "tokenizer" else { continue }
    bytes = rows.reduce(0) { $0 + $1.text.utf8.count }
    encoding = clock.measure { for row in rows { _ = tokenizer.encode(row.text) } }
    var writer = ContainerWriter(kind: .model)
    writer.setMetadata(["tokenizers": ["encoder": try writer.add(unigram, named: "encoder")]])
    try writer.write(to: folder + "/model")
    let file = try ContainerFile(path: folder + "/model", kind: .model)
    let loading = try clock.measure { _ = try Tokenizer(file: file, name: "encoder") }
    print("unigram: \(unigram.count) pieces load in \(loading), from \(try MappedFile.size(of: folder + "/model")) bytes")
  }
  #expect(count >= 100_000)
  print("unigram: \(count) strings as in tokenizers; \(bytes) bytes of text take \(encoding)")
}
