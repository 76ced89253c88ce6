// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

/// Small files that claim huge sizes. The real programs read them within a limit of address space.
@Suite struct FileCostTests {
  private let folder = TemporaryFolder()

  /// Runs with at most this many MiB of address space. The program itself takes about a hundred.
  private func run(mebibytes: Int, _ arguments: [String], input: [UInt8] = []) throws -> Program.Result {
    let limit = "ulimit -v \(mebibytes << 10); exec \"$0\" \"$@\""
    return try Program.run("/bin/sh", ["-c", limit, Program.locate("assigner")] + arguments, input: input)
  }

  /// The tiny index or model with changed contents and valid checksums.
  private func forged(
    _ path: String, metadata change: (inout [String: JSONValue]) -> Void = { _ in }, replacing: [String: [UInt8]] = [:]
  ) throws -> String {
    let file = try ContainerFile(path: path)
    guard case .object(var members) = file.metadata else { return path }
    change(&members)
    var writer = ContainerWriter(kind: file.kind)
    writer.setMetadata(.object(members))
    for section in file.sections where section.name != "metadata" {
      if let bytes = replacing[section.name] {
        try writer.addCompressed(section.name, bytes)
      } else {
        try writer.add(copying: section.name, from: file)
      }
    }
    try writer.write(to: folder.file("forged"))
    return folder.file("forged")
  }

  /// The index claims 2 thousand million hashtags and holds 10. The claimed number would take 8 GiB.
  @Test(arguments: ["hashtags", "rows"]) func aCountIsHeldToItsSectionBeforeAnythingIsMadeOfIt(name: String) throws {
    let index = try forged(World.index) { $0[name] = .integer(Int(Int32.max) - 1) }
    for arguments in [
      ["--model", World.model, "--index", index], ["index", "stats", "--index", index],
      ["index", "add", "--model", World.model, "--index", index], ["index", "remove", "--id", "1", "--index", index],
      ["eval", "--model", World.model, "--index", index, "--input", "/dev/null"],
    ] {
      let result = try run(mebibytes: 1024, arguments, input: Array("Flood in Kerala #Flood\n".utf8))
      #expect(result.status == 78 && result.output == [], "\(arguments[0]): \(result.messages)")
      #expect(result.messages.contains("has shape"), "\(result.messages)")
    }
  }

  @Test func aVocabularyOfLineEndsIsRefused() throws {
    for section in ["text/vocabulary", "text/generationVocabulary"] {
      for (count, words) in [(60 << 20, "has more than 1048576 pieces"), (65 << 20, "bytes; the limit is 67108864")] {
        let model = try forged(World.model, replacing: [section: [UInt8](repeating: 0x0A, count: count)])
        let result = try run(mebibytes: 1024, ["--threads", "1", "--model", model, "--index", World.index])
        #expect(result.status == 78 && result.messages.contains(words), "\(section): \(result.messages)")
      }
    }
  }

  /// Each size alone is valid: 4,096 positions and 40,000 tokens. Their scores would take 625 MiB.
  @Test func aNetworkThatNeedsMoreThanItsFileJustifiesIsRefused() throws {
    let (positions, steps) = (4096, 10)
    let file = try ContainerFile(path: World.model)
    let spelled = String(decoding: try file.bytes("text/generationVocabulary"), as: UTF8.self)
    let pieces = spelled.split(separator: "\n").map(String.init) + (0..<40_000).map { "piece\($0)" }
    func numbers(_ shape: [Int], _ value: (Int) -> Float = { _ in 0 }) -> (shape: [Int], values: [Float]) {
      (shape, (0..<shape.reduce(1, *)).map(value))
    }
    let tensors = [
      "generator/decoder/position": numbers([positions, 16]),
      "generator/diffusion/tokenEmbedding": numbers([pieces.count, 8]), "generator/finalBias": numbers([pieces.count]),
      "generator/diffusion/alphaBar": numbers([steps + 1, positions]) { 0.9 - 0.01 * Float($0 / positions) },
    ]
    let metadata = file.metadata.replacing(["generator", "diffusion", "positions"], .integer(positions))
      .replacing(["generator", "diffusion", "vocabularySize"], .integer(pieces.count))
    var writer = ContainerWriter(kind: .model)
    writer.setMetadata(metadata)
    for section in file.sections where section.name != "metadata" {
      if section.name == "text/generationVocabulary" {
        try writer.addCompressed(section.name, Array((pieces.joined(separator: "\n") + "\n").utf8))
      } else if let tensor = tensors[section.name] {
        try writer.add(section.name, shape: tensor.shape, elements: tensor.values)
      } else {
        try writer.add(copying: section.name, from: file)
      }
    }
    try writer.write(to: folder.file("wide"))
    let arguments = ["--threads", "1", "--model", folder.file("wide"), "--index", World.index]
    let result = try run(mebibytes: 1024, arguments)
    #expect(result.status == 78, "\(result.messages)")
    #expect(result.messages.contains("MiB to run; a file of this size may need at most 512 MiB"), "\(result.messages)")
    let without = try run(mebibytes: 1024, arguments + ["--no-generator"], input: Array("Flood\n".utf8))
    #expect(without.status == 0, "\(without.messages)")
  }
}

extension JSONValue {
  /// A copy with another value at a path of members.
  fileprivate func replacing(_ path: [String], _ value: JSONValue) -> JSONValue {
    guard let key = path.first, case .object(var members) = self else { return value }
    members[key] = (members[key] ?? .null).replacing(Array(path.dropFirst()), value)
    return .object(members)
  }
}
