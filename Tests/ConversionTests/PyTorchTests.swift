// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Conversion
@testable import ModelFile

@Suite struct PyTorchTests {
  /// The error for a file; "accepted" without an error.
  func refusal(_ bytes: [UInt8], reading tensor: String? = nil) -> String {
    do {
      let file = try PyTorchFile(MappedFile(bytes), path: "m.pt")
      if let tensor { _ = try file.floats(tensor) }
      return "accepted"
    } catch {
      return error.description
    }
  }

  func refusal(pickle: [UInt8], storages: [String: [UInt8]] = [:]) -> String {
    refusal(TorchArchive(pickle, storages: storages).bytes)
  }

  @Test(arguments: ["views.pt", "module.bin"])
  func readsPyTorchsFile(name: String) throws {
    let file = try TensorFile.open(fixture(name))
    let expected = try JSONValue(parsing: readFile(fixture("pytorch.json"))).object(name)
    #expect(Set(file.names).subtracting(["positions"]) == Set(expected.keys))
    for (tensor, value) in expected {
      #expect(try file.shape(tensor) == value.integers("shape"), "\(tensor)")
      #expect(try file.floats(tensor).map { Int($0.bitPattern) } == value.integers("bits"), "\(tensor)")
    }
  }

  /// A hundred thousand tensors have one large tuple as their shape. Without a limit it would be copied for each.
  @Test func aTensorsRankIsBounded() {
    func tensor(rank: Int) -> [UInt8] {
      let ones = [Int](repeating: 1, count: rank)
      return TestPickle.whole(TestPickle.dictionary([("a", TestPickle.tensor(count: 1, shape: ones, strides: ones))]))
    }
    let storages = ["0": [UInt8](repeating: 0, count: 4)]
    #expect(refusal(pickle: tensor(rank: 64), storages: storages) == "accepted")
    #expect(refusal(pickle: tensor(rank: 65), storages: storages).contains("a tensor is not made of storage, offset, shape"))
  }

  @Test func instructionsAreCounted() {
    // None inside nested tuples of one element; each tuple is a container.
    let nested = [0x4E] + [UInt8](repeating: 0x85, count: PickleReader.maximumInstructions)
    #expect(refusal(pickle: TestPickle.whole(nested)).contains("has more than \(PickleReader.maximumInstructions) instructions"))
  }

  @Test func whatIsNoWeightIsNamed() throws {
    let file = try TensorFile.open(fixture("views.pt"))
    #expect(file.shape("positions") == [4])
    #expect(throws: ConversionError.pytorch(PyTorchError(path: file.path, tensor: "positions", rule: .notAFloat("int64")))) {
      try file.floats("positions")
    }
    #expect(throws: ConversionError.pytorch(PyTorchError(path: file.path, tensor: "absent", rule: .missingTensor))) {
      try file.floats("absent")
    }
    var archive = TestPickle.archive(["a": TestTensor([2], [1, .nan])])
    #expect(
      refusal(archive.bytes, reading: "a") == "m.pt: tensor \"a\": element 1 is infinite, not a number or too large for a float")
    archive.isZip64 = false
    archive.comment = Array("a comment".utf8)
    #expect(refusal(archive.bytes) == "accepted")
  }

  @Test func theFormatBeforeArchivesIsRefusedWithAdvice() throws {
    let path = try fixture("legacy.pt")
    #expect(throws: ConversionError.pytorch(PyTorchError(path: path, rule: .legacyFormat))) { try TensorFile.open(path) }
    #expect(refusal([0x80, 2, 0x7D, 0x2E]).contains("is a bare pickle"))
  }

  /// All ways in which a pickle could run code.
  @Test func nothingIsRun() {
    let echo = TestPickle.text("echo pwned > pwned") + [0x85, 0x52]
    let system =
      "m.pt: byte 46: index: posix.system is not a class of a dictionary of tensors; no code was run"
    #expect(refusal(pickle: TestPickle.whole(TestPickle.global("posix", "system") + echo)).hasPrefix(system))
    for (module, name) in [
      ("os", "system"), ("builtins", "eval"), ("__builtin__", "exec"), ("subprocess", "Popen"), ("torch", "load"),
      ("torch._utils", "_rebuild_tensor"), ("torch", "Storage"), ("torch", "os.system"), ("collections", "OrderedDict.fromkeys"),
      ("numpy.core.multiarray", "_reconstruct"), ("torch.storage", "_load_from_bytes"), ("torch", "FloatStorage.__init__"),
    ] {
      #expect(
        refusal(pickle: TestPickle.whole(TestPickle.global(module, name) + echo)).contains(
          "index: \(module).\(name) is not a class"))
    }
    // The same with the instructions of other protocols.
    let names = [0x8C, 2] + Array("os".utf8) + [0x8C, 6] + Array("system".utf8)
    #expect(refusal(pickle: TestPickle.whole(names + [0x93] + echo)).contains("byte 46: index: instruction SHORT_BINUNICODE"))
    #expect(
      refusal(pickle: TestPickle.whole(TestPickle.text("os") + TestPickle.text("system") + [0x93] + echo)).contains(
        "instruction STACK_GLOBAL"))
    #expect(refusal(pickle: TestPickle.whole(Array("(S'id'\nios\nsystem\n".utf8))).contains("instruction STRING"))
    #expect(refusal(pickle: TestPickle.whole([0x28] + Array("ios\nsystem\n".utf8))).contains("instruction INST"))
    for (byte, name) in [
      (UInt8(0x6F), "OBJ"), (0x82, "EXT1"), (0x92, "NEWOBJ_EX"), (0x50, "PERSID"), (0x32, "DUP"), (0x97, "NEXT_BUFFER"),
      (0, "0x0"),
    ] {
      #expect(refusal(pickle: [0x80, 2, byte]).contains("byte 46: index: instruction \(name) is not one"))
    }
    #expect(refusal(pickle: [0x80, 5]).contains("has protocol 5"))
  }

  /// Allowed names, used in a way that torch.save does not use them.
  @Test func allowedClassesDoOnlyWhatTheyAreFor() {
    let ordered = TestPickle.global("collections", "OrderedDict")
    func message(_ value: [UInt8]) -> String { refusal(pickle: TestPickle.whole(value)) }
    #expect(message(ordered + TestPickle.integer(1) + [0x85, 0x52]).contains("makes an OrderedDict of something"))
    #expect(message(ordered + [0x7D, 0x52]).contains("calls with a dictionary as arguments"))
    #expect(message([0x7D, 0x29, 0x52]).contains("calls a dictionary"))
    #expect(message(TestPickle.global("torch", "FloatStorage") + [0x29, 0x52]).contains("calls the class of a storage"))
    #expect(message(TestPickle.global("torch._utils", "_rebuild_tensor_v2") + [0x29, 0x52]).contains("a tensor is not made of"))
    #expect(
      message(TestPickle.global("torch._utils", "_rebuild_parameter") + [0x29, 0x52]).contains("a parameter is not made of"))
    #expect(message(ordered + [0x7D, 0x62]).contains("BUILD sets attributes of a class"))
    #expect(message(TestPickle.tuple(TestPickle.text("storage")) + [0x51]).contains("a storage is not described by"))
    #expect(message(TestPickle.text("key") + [0x51]).contains("a storage is described by a string"))
    #expect(message(TestPickle.global("torch", "Size") + TestPickle.text("x") + [0x85, 0x52]).contains("a size is not made"))
  }

  @Test func brokenPicklesAreRefused() {
    for (bytes, what) in [
      ([0x80, 2, 0x2E], "takes a value where there is none"),
      ([0x80, 2], "is cut: 1 bytes are wanted, 0 left"),
      ([0x80, 2, 0x7D], "is cut"),
      ([0x80, 2, 0x7D, 0x7D, 0x2E], "ends with values left over"),
      ([0x80, 2, 0x28, 0x2E], "takes a value where there is none"),
      ([0x80, 2, 0x7D, 0x28, 0x2E], "takes a value where there is none"),
      ([0x80, 2, 0x7D, 0x2E, 0x2E], "has bytes behind its end"),
      ([0x80, 2, 0x74], "down to a mark where there is none"),
      ([0x80, 2, 0x7D, 0x28, 0x62], "takes a value where there is none"),
      ([0x80, 2, 0x68, 7], "asks for value 7"),
      ([0x80, 2, 0x6A, 255, 255, 255, 255], "asks for value 4294967295"),
      ([0x80, 2, 0x7D, 0x4E, 0x61], "appends to a dictionary"),
      ([0x80, 2, 0x5D, 0x4E, 0x4E, 0x73], "sets 2 keys and values of a list"),
      ([0x80, 2, 0x7D, 0x28, 0x4E, 0x75], "sets 1 keys and values of a dictionary"),
      // Counts that exceed the number of bytes.
      ([0x80, 2, 0x58, 255, 255, 255, 255, 1], "is cut: 4294967295 bytes are wanted, 1 left"),
      ([0x80, 2, 0x8A, 255, 1], "is cut: 255 bytes are wanted"),
      ([0x80, 2, 0x8B, 0, 0, 0, 0x80], "instruction LONG4"),
      ([0x80, 2, 0x8D, 0, 0, 0, 0, 0, 0, 0, 0x80], "instruction BINUNICODE8"),
      ([0x80, 2, 0x58, 1, 0, 0, 0, 0xFF, 0x2E], "a string is not UTF-8"),
      ([0x80, 2, 0x63] + [UInt8](repeating: 0x61, count: 300), "a class has no name's end"),
      ([0x80, 2, 0x4E, 0x2E], "holds None, no dictionary of tensors"),
    ] as [([UInt8], String)] {
      #expect(refusal(pickle: bytes).contains(what), "\(what): \(refusal(pickle: bytes))")
    }
  }

  /// Nesting, cycles and growth take time and memory linear in the number of bytes.
  @Test func bombsCostNothing() {
    let million = 1_000_000
    #expect(refusal(pickle: TestPickle.whole([0x29] + [UInt8](repeating: 0x85, count: million))).contains("holds a tuple"))
    #expect(refusal(pickle: [0x80, 2] + [UInt8](repeating: 0x28, count: million)).contains("is cut"))
    #expect(
      refusal(pickle: TestPickle.whole([UInt8](repeating: 0x5D, count: 400_000) + [UInt8](repeating: 0x61, count: 399_999)))
        .contains("holds a list"))
    // A list that contains itself, and a hundred lists that each contain the previous one twice.
    #expect(refusal(pickle: TestPickle.whole([0x5D, 0x71, 0, 0x68, 0, 0x61])).contains("holds a list"))
    let doubling = (0..<100).flatMap { [0x71, UInt8($0), 0x68, UInt8($0), 0x86] as [UInt8] }
    #expect(refusal(pickle: TestPickle.whole([0x29] + doubling)).contains("holds a tuple"))
    #expect(
      refusal(pickle: [UInt8](repeating: 0x4E, count: PickleReader.maximumSize + 1)).contains("an index of tensors has less"))
  }

  @Test func theDictionaryOfTensorsIsFound() throws {
    let tensor = TestPickle.tensor(count: 1, shape: [1], strides: [1])
    let inner = TestPickle.dictionary([("w", tensor)])
    func message(_ items: [(String, [UInt8])]) -> String {
      refusal(TorchArchive(TestPickle.whole(TestPickle.dictionary(items)), storages: ["0": [0, 0, 0, 0]]).bytes, reading: "w")
    }
    #expect(message([("w", tensor), ("epoch", TestPickle.integer(3)), ("other", inner)]) == "accepted")
    for key in PyTorchFile.stateKeys { #expect(message([("epoch", [0x4E]), (key, inner)]) == "accepted") }
    #expect(
      message([("weights", inner)]).contains(
        "nor a dictionary of tensors under \"state_dict\", \"model_state_dict\", \"model\", \"module\"; its keys are \"weights\"")
    )
    #expect(
      message([("model", inner), ("state_dict", inner)]).contains(
        "tensors under several keys, where one is wanted: \"model\", \"state_dict\""))
    #expect(message([("w", tensor), ("w", tensor)]).contains("tensor \"w\" is there twice"))
    #expect(message([]).contains("the dictionary has no tensors"))
    let numbered = TestPickle.whole([0x7D] + TestPickle.integer(0) + tensor + [0x73])
    #expect(refusal(pickle: numbered, storages: ["0": [0, 0, 0, 0]]).contains("a tensor is named by an integer"))
  }

  /// Views that reach beyond their storage of 6 floats.
  @Test(
    arguments: [
      (0, [7], [1]), (1, [6], [1]), (0, [2, 3], [4, 1]), (0, [3], [3]), (-1, [1], [1]), (0, [-1], [1]), (0, [2], [-1]),
      (7, [0], [1]), (0, [2, 3], [1]), (0, [7], [0]), (0, [.max], [0]), (0, [1 << 40], [0]), (.max, [2], [.max]),
      (0, [1 << 62, 4], [0, 0]), (0, [2, 2], [.max, .max]), (5, [2], [.max]), (0, [.max, .max, .max], [1, 1, 1]),
    ] as [(Int, [Int], [Int])])
  func viewsBeyondTheirStorage(offset: Int, shape: [Int], strides: [Int]) {
    let tensor = TestPickle.tensor(count: 6, offset: offset, shape: shape, strides: strides)
    let message = refusal(
      pickle: TestPickle.whole(TestPickle.dictionary([("w", tensor)])), storages: ["0": [UInt8](repeating: 0, count: 24)])
    #expect(message.contains("tensor \"w\": shape"), "\(message)")
  }

  @Test func unusualViewsAreRead() {
    for (offset, shape, strides) in [
      (6, [0], [1]), (0, [0, .max, .max], [1, .max, 1]), (5, [1, 1], [.max, 9]), (0, [], []), (0, [3, 2], [1, 3]),
    ] as [(Int, [Int], [Int])] {
      let tensor = TestPickle.tensor(count: 6, offset: offset, shape: shape, strides: strides)
      let archive = TorchArchive(
        TestPickle.whole(TestPickle.dictionary([("w", tensor)])), storages: ["0": [UInt8](repeating: 0, count: 24)])
      #expect(refusal(archive.bytes, reading: "w") == "accepted", "\(shape)")
    }
  }

  @Test func partsThatDoNotFitAreNamed() {
    let tensor = TestPickle.tensor(count: 2, shape: [2], strides: [1])
    let pickle = TestPickle.whole(TestPickle.dictionary([("w", tensor)]))
    let eight = [UInt8](repeating: 0, count: 8)
    func message(_ archive: TorchArchive) -> String { refusal(archive.bytes) }
    #expect(message(TorchArchive(pickle, storages: ["0": eight])) == "accepted")
    #expect(message(TorchArchive(pickle)).contains("tensor \"w\": storage data/0 is missing"))
    #expect(message(TorchArchive(pickle, storages: ["0": eight + [0]])).contains("has 9 bytes; its index makes 2 × 4"))
    #expect(message(TorchArchive(pickle, storages: ["0": [0, 0, 0, 0]])).contains("has 4 bytes; its index makes 2 × 4"))
    #expect(
      message(TorchArchive(pickle, storages: ["0": eight], byteorder: "big")).contains(
        "byteorder is \"big\"; this program reads little"))
    #expect(message(TorchArchive(pickle, storages: ["0": eight], version: "11\n")).contains("version is \"11\""))
    var archive = TorchArchive(pickle, storages: ["0": eight])
    archive.entries.append(.init(name: "u/data.pkl", bytes: pickle))
    #expect(message(archive).contains("it has 2 indices"))
    archive.entries.removeAll { $0.name.hasSuffix(".pkl") }
    #expect(message(archive).contains("it has 0 indices"))
  }

  @Test func archivesThatDoNotHoldTogetherAreRefused() {
    let tensor = TestPickle.tensor(count: 2, shape: [2], strides: [1])
    let good = TorchArchive(
      TestPickle.whole(TestPickle.dictionary([("w", tensor)])), storages: ["0": [UInt8](repeating: 0, count: 8)])
    func message(_ change: (inout TorchArchive) -> Void) -> String {
      var archive = good
      change(&archive)
      return refusal(archive.bytes)
    }
    #expect(message { $0.entries[2].method = 8 }.contains("entry \"t/data/0\" is compressed"))
    #expect(message { $0.entries[2].flags = 0x0809 }.contains("is encrypted"))
    #expect(message { $0.entries[2].size = 1 << 30 }.contains("its 1073741824 bytes end behind byte"))
    #expect(message { $0.entries[2].size = .max }.contains("lacks its 64-bit size"))
    #expect(message { $0.entries[2].offset = 1 << 30 }.contains("no entry begins here"))
    #expect(message { $0.entries[2].offset = 1 }.contains("no entry begins here"))
    #expect(message { $0.entries[2].offset = 0 }.contains("its header and the directory differ"))
    #expect(message { $0.entries[2].localName = "t/data/1" }.contains("its header and the directory differ"))
    #expect(
      message {
        $0.entries[2].flags = 0; $0.entries[2].size = 7
      }.contains("its header and the directory differ"))
    #expect(message { $0.entries[1].size = 100 }.contains("an entry begins inside the one before"))
    #expect(message { $0.entries.append($0.entries[2]) }.contains("entry \"t/data/0\" is there twice"))
    // The end record: the number of entries, and the size and place of the directory.
    let bytes = good.bytes
    func damaged(_ distanceFromEnd: Int, _ value: UInt8) -> String {
      var bytes = bytes
      bytes[bytes.count - distanceFromEnd] = value
      return refusal(bytes)
    }
    // zip64: an end record of 56 bytes, a locator of 20, and an end record of 22.
    #expect(damaged(98 - 32, 5).contains("5 entries do not fit"))
    #expect(damaged(98 - 32, 3).contains("the directory has more bytes than its 3 entries"))
    #expect(damaged(98 - 40, 1).contains("does not end at byte"))
    #expect(damaged(98 - 48, 1).contains("does not end at byte"))
    #expect(damaged(98 - 16, 1).contains("the archive is split"))
    #expect(damaged(98 - 47, 0x80).contains("zip64: a number is too large"))
    #expect(damaged(22 + 20 - 8, 1).contains("no zip64 end record where the locator points"))
    #expect(damaged(22 + 20 - 15, 0x80).contains("no zip64 end record where the locator points"))
    #expect(damaged(1, 1).contains("no end record"))
  }

  @Test func cutFilesAreRefusedWhereverTheyEnd() {
    let bytes = TestPickle.archive(["a": TestTensor([2, 3], seed: "a"), "b": TestTensor([4], seed: "b")]).bytes
    for count in 0..<bytes.count { #expect(refusal(Array(bytes.prefix(count))) != "accepted", "\(count)") }
    for count in 1..<100 { #expect(refusal(Array(bytes.dropFirst(count))) != "accepted", "\(count)") }
  }

  @Test func damageNeverTraps() throws {
    let bytes = try [
      readFile(fixture("views.pt")),
      TestPickle.archive(["a": TestTensor([2, 3], seed: "a"), "b": TestTensor([4], seed: "b")]).bytes,
    ]
    var state: UInt64 = 7
    func random(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for round in 0..<6000 {
      var damaged = bytes[round % 2]
      for _ in 0...random(3) {
        // Half of the damage is in the last third, where the directory is. Numbers that overflow are preferred.
        let place = random(2) == 0 ? random(damaged.count) : damaged.count - 1 - random(damaged.count / 3)
        damaged[place] = [UInt8(random(256)), 0xFF, 0x80, 0][random(4)]
      }
      if round % 5 == 0 { damaged.removeLast(random(damaged.count)) }
      guard let file = try? PyTorchFile(MappedFile(damaged), path: "damaged") else { continue }
      for name in file.names { _ = try? file.floats(name) }
    }
    // The pickle alone: most of the damage above never reaches it.
    let pickle = TestPickle.archive(["a": TestTensor([2, 3], seed: "a"), "b": TestTensor([4], seed: "b")]).entries[0].bytes
    for place in pickle.indices {
      for byte in [0, 1, 0x28, 0x2E, 0x51, 0x52, 0x74, 0x80, 0xFF, pickle[place] ^ 0x10] {
        var damaged = pickle
        damaged[place] = byte
        let archive = TorchArchive(
          damaged, storages: ["0": [UInt8](repeating: 1, count: 24), "1": [UInt8](repeating: 2, count: 16)])
        guard let file = try? PyTorchFile(MappedFile(archive.bytes), path: "damaged") else { continue }
        for name in file.names { _ = try? file.floats(name) }
      }
    }
  }
}
