// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LineProtocol

@Suite struct GzipTests {
  /// Made with zlib: one block of each kind, and a member with a name.
  private static let dynamic =
    "1f8b080000000000020395d55b4e03310c85e17756912534719c0bbb013a82110395dad9bf80d7fcca1179ee91e5f167a7c7"
    + "febd85cb73383fb6f07adfafef5b7839c3e77edcbeb6f3fefb53d81fe1edb83db6ebd3f1978df36c1cb3699ecd63d6e6d93e"
    + "66b3e8a18c619f87938fe1320f1b2a57f179e8b9cdc305c3e8f370c394a3e03384855f421f510956a485614d480b458685a2"
    + "712282b1b0b670ecd89028208de3169215b795846444df49503a3a4982b263b593a0cc589324283b5f056199d9b7b0ecec44"
    + "583ae72d2c1bc282b2604d4c50265c8e09ca864e4c503a1f564199b05426281b1e35139405f0a65e574e505046d65694586f"
    + "539648676199a19385a561de595846d616966c5b5d25ee2c0bca069c2c282bffaf0565656d4159d9775f49fb65a5138f2b5f"
    + "e96965826e2b3a9e17e0dd5776cacbcabe7a5db9056f2b77e6fd9f37fc039dc21e36b50a0000"
  private static let stored = "1f8b0800000000000403010c00f3ff73746f72656420626c6f636b94a3243d0c000000"
  private static let fixed = "1f8b08000000000002034b4c8481a4440413009a1c0ec616000000"
  private static let named = "1f8b08080100000002ff6e616d652e747874002bcf2cc9504854c84bcc4d05008c9b9e8d0b000000"

  private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private let text = (0..<60).map { "line \($0): the bridge at kilometre \($0 * $0 % 97) is closed\n" }.joined()

  /// Unpacks as a reader does, with `chunk` bytes of input and `room` bytes of output at a time.
  private func unpacked(_ packed: [UInt8], chunk: Int = 1 << 16, room: Int = 1 << 16) throws(PackingError) -> [UInt8] {
    let inflate = Inflate(path: "a.gz")
    var contents: [UInt8] = []
    var output = [UInt8](repeating: 0, count: room)
    for start in stride(from: 0, to: packed.count, by: chunk) {
      var input = packed[start..<min(start + chunk, packed.count)]
      while true {
        let (taken, made) = try inflate.unpack(input, into: &output)
        input = input.dropFirst(taken)
        contents += output[..<made]
        if input.isEmpty, made < room { break }
      }
    }
    try inflate.finish()
    return contents
  }

  private func fault(_ packed: [UInt8]) -> PackingError? {
    do {
      _ = try unpacked(packed)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [1, 7, 1 << 16], [1, 5, 1 << 16])
  func everyKindOfBlock(chunk: Int, room: Int) throws {
    func unpacked(_ digits: String) throws -> [UInt8] { try self.unpacked(bytes(digits), chunk: chunk, room: room) }
    #expect(try unpacked(Self.dynamic) == Array(text.utf8))
    #expect(try unpacked(Self.stored) == Array("stored block".utf8))
    #expect(try unpacked(Self.fixed) == Array("aaaaaaaaaabaaaaaaaaaab".utf8))
    #expect(try unpacked(Self.named) == Array("with a name".utf8))
    #expect(try unpacked(Self.stored + Self.fixed) == Array("stored blockaaaaaaaaaabaaaaaaaaaab".utf8))
  }

  @Test(arguments: [1, 7, 1 << 16])
  func zerosBehindTheLastMemberArePadding(chunk: Int) throws {
    let packed = bytes(Self.stored) + [UInt8](repeating: 0, count: 500)
    #expect(try unpacked(packed, chunk: chunk) == Array("stored block".utf8))
    // Python's gzip also reads concatenated files with padding.
    #expect(try unpacked(packed + bytes(Self.stored), chunk: chunk) == Array("stored blockstored block".utf8))
  }

  @Test func aFaultNamesFileMemberAndByte() throws {
    let stored = bytes(Self.stored)
    #expect(
      fault(stored + Array("tail".utf8))?.description
        == "a.gz: gzip member 2, byte \(stored.count + 2): no gzip member begins here; get a complete copy (check: gzip -t FILE)"
    )
    #expect(
      fault(stored + stored.dropLast(3))?.rule == .damaged(member: 2, byte: 2 * stored.count - 3, "the file ends too early"))
    var wrong = stored
    wrong[stored.count - 8] ^= 1
    #expect(fault(wrong)?.description.contains("member 1") == true)
    #expect(fault(wrong)?.description.contains("the checksum does not match") == true)
    wrong = stored
    wrong[stored.count - 1] ^= 1
    #expect(fault(wrong)?.description.contains("the length does not match") == true)
    #expect(fault([])?.rule == .damaged(member: 1, byte: 0, "the file ends too early"))
  }

  @Test func cutFilesAreRefused() {
    for packed in [Self.dynamic, Self.stored, Self.fixed, Self.named].map(bytes) {
      for count in 0..<packed.count {
        #expect(fault(Array(packed[..<count])) != nil)
      }
    }
  }

  @Test func flippedBitsNeverTrapAndNeverGiveOtherText() {
    for packed in [Self.dynamic, Self.stored, Self.fixed].map(bytes) {
      let right = try? unpacked(packed)
      for bit in 0..<packed.count * 8 {
        var flipped = packed
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        if let other = try? unpacked(flipped) { #expect(other == right, "bit \(bit)") }
      }
    }
  }

  @Test func packingsAreToldByTheirFirstBytes() {
    #expect(Packing(start: bytes(Self.named)) == .gzip)
    #expect(Packing(start: Array("PK\u{3}\u{4}".utf8)) == .zip)
    #expect(Packing(start: [0xFD] + Array("7zXZ\0".utf8)) == .xz)
    #expect(Packing(start: [0x28, 0xB5, 0x2F, 0xFD, 4]) == .zstd)
    #expect(Packing(start: Array("BZh91AY&SY".utf8)) == .bzip2)
    for text in ["", "{", "PK is a postal code", "BZh9 is a song", "(µ/ý is text"] { #expect(Packing(start: text.utf8) == nil) }
  }
}
