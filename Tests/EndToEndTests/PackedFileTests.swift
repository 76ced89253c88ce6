// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Compressed corpora, tweets and lists: gzip is read. For other formats and damaged files the message says what to do.
@Suite struct PackedFileTests {
  private let folder = TemporaryFolder()
  /// gzip of "Bridge out near Aluva #Kerala\nWater rising in Houston #Harvey\n".
  private let packed: [UInt8] = {
    let digits =
      "1f8b080000000000020305c1410ac0200c04c0bbaf58f025ed49e8033c2f344840128851e8ef3b7387be43e03b61c2c035f721ea23c1c9d29912085d"
      + "6a036a68be57baa136c691affc203caabf3e000000"
    let values = digits.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
  }()

  private func build(_ name: String, _ corpus: [UInt8]) throws -> Program.Result {
    try Program.run(
      "assigner",
      World.arguments(
        "index", "build", "--corpus", folder.write(name, corpus), "--output", folder.file("g.index"), files: ["--model"]))
  }

  @Test func paddingBehindTheLastMemberIsTaken() throws {
    let result = try build("pad.gz", packed + [UInt8](repeating: 0, count: 512))
    #expect(result.status == 0, "\(result.messages)")
    let padded = TemporaryFolder.read(folder.file("g.index"))
    #expect(try build("plain", Array("Bridge out near Aluva #Kerala\nWater rising in Houston #Harvey\n".utf8)).status == 0)
    #expect(TemporaryFolder.read(folder.file("g.index")) == padded)
  }

  @Test func damagedFilesAreNamed() throws {
    let cut = try build("cut.gz", Array(packed.prefix(40)))
    #expect(cut.status == 65)
    #expect(cut.messages.contains("/cut.gz: gzip member 1, byte 40: the file ends too early; get a complete copy"))
    let tail = try build("tail.gz", packed + Array("tail".utf8))
    #expect(tail.status == 65)
    #expect(tail.messages.contains("/tail.gz: gzip member 2, byte \(packed.count + 2): no gzip member begins here"))
    #expect(folder.names.contains("g.index") == false)
  }

  @Test func otherPackingsAreRefusedWithWhatToDo() throws {
    let zip = try build("corpus.zip", Array("PK\u{3}\u{4}\u{14}\0\0\0\0\0".utf8))
    #expect(zip.status == 65)
    #expect(zip.messages.contains("/corpus.zip: is packed with zip, which cannot be read here; unpack it first: unzip -p FILE"))
    let list = folder.write("deny.zst", [0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58])
    let denied = try Program.run("assigner", World.arguments("--deny", list), input: "Flood\n")
    #expect(denied.status == 65 && denied.messages.contains("/deny.zst: is packed with zstd"))
    let gold = folder.write("gold.xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00])
    let evaluated = try Program.run("assigner", World.arguments("eval", "--input", gold))
    #expect(evaluated.status == 65 && evaluated.messages.contains("/gold.xz: is packed with xz"))
  }
}
