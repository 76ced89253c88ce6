// SPDX-License-Identifier: Apache-2.0

@testable import ModelFile

/// A zip archive as `torch.save` writes it, or a damaged one.
struct TorchArchive {
  struct Entry {
    var name: String
    var bytes: [UInt8]
    var method: UInt16 = 0
    var flags: UInt16 = 0x0808
    /// A wrong value in the directory.
    var size: UInt32?
    var offset: UInt32?
    /// The name in the entry's local header.
    var localName: String?
  }

  var entries: [Entry]
  var isZip64 = true
  var comment: [UInt8] = []

  /// - Parameters:
  ///   - pickle: data.pkl.
  ///   - storages: the bytes of each storage by key.
  init(_ pickle: [UInt8], storages: [String: [UInt8]] = [:], byteorder: String = "little", version: String = "3\n") {
    entries = [Entry(name: "t/data.pkl", bytes: pickle), Entry(name: "t/byteorder", bytes: Array(byteorder.utf8))]
    entries += storages.sorted { $0.key < $1.key }.map { Entry(name: "t/data/\($0.key)", bytes: $0.value) }
    entries.append(Entry(name: "t/version", bytes: Array(version.utf8)))
  }

  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let place = UInt32(file.count)
      let name = Array(entry.name.utf8)
      let hasSizeBehind = entry.flags & 8 != 0
      let size = UInt32(entry.bytes.count)
      let localName = Array((entry.localName ?? entry.name).utf8)
      file += word(0x0403_4B50) + half(0) + half(entry.flags) + half(entry.method) + word(0) + word(0)
      file += word(hasSizeBehind ? 0 : size) + word(hasSizeBehind ? 0 : size) + half(UInt16(localName.count)) + half(4)
      file += localName + half(0x4246) + half(0) + entry.bytes
      if hasSizeBehind { file += word(0x0807_4B50) + word(0) + word(size) + word(size) }
      let claimed = entry.size ?? size
      directory += word(0x0201_4B50) + half(0) + half(0) + half(entry.flags) + half(entry.method) + word(0) + word(0)
      directory += word(claimed) + word(claimed) + half(UInt16(name.count)) + half(0) + half(0) + half(0) + half(0) + word(0)
      directory += word(entry.offset ?? place) + name
    }
    let (begin, count) = (file.count, entries.count)
    file += directory
    if isZip64 {
      let end = file.count
      file += word(0x0606_4B50) + long(44) + half(0x031E) + half(45) + word(0) + word(0) + long(count) + long(count)
      file += long(directory.count) + long(begin)
      file += word(0x0706_4B50) + word(0) + long(end) + word(1)
    }
    file += word(0x0605_4B50) + half(0) + half(0) + half(UInt16(count)) + half(UInt16(count))
    return file + word(UInt32(directory.count)) + word(UInt32(begin)) + half(UInt16(comment.count)) + comment
  }

  private func half(_ value: UInt16) -> [UInt8] { littleEndian(value) }
  private func word(_ value: UInt32) -> [UInt8] { littleEndian(value) }
  private func long(_ value: Int) -> [UInt8] { littleEndian(UInt64(value)) }
}

func littleEndian<Word: FixedWidthInteger>(_ value: Word) -> [UInt8] {
  Swift.withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// Parts of pickles, protocol 2.
enum TestPickle {
  static func text(_ string: String) -> [UInt8] { [0x58] + littleEndian(UInt32(string.utf8.count)) + Array(string.utf8) }
  static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
  static func integer(_ value: Int) -> [UInt8] { [0x8A, 8] + littleEndian(Int64(value)) }
  static func tuple(_ items: [UInt8]...) -> [UInt8] { [0x28] + items.flatMap { $0 } + [0x74] }
  static func integers(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(integer) + [0x74] }

  /// A view of storage `key`.
  static func tensor(
    _ key: String = "0", type: String = "FloatStorage", count: Int, offset: Int = 0, shape: [Int], strides: [Int]
  ) -> [UInt8] {
    let storage = tuple(text("storage"), global("torch", type), text(key), text("cpu"), integer(count)) + [0x51]
    return global("torch._utils", "_rebuild_tensor_v2")
      + tuple(
        storage, integer(offset), integers(shape), integers(strides), [0x89], global("collections", "OrderedDict") + [0x29, 0x52])
      + [0x52]
  }

  static func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
    [0x7D, 0x28] + items.flatMap { text($0.0) + $0.1 } + [0x75]
  }

  static func whole(_ value: [UInt8]) -> [UInt8] { [0x80, 2] + value + [0x2E] }

  /// An archive of a state_dict with one storage per tensor.
  static func archive(_ tensors: [String: TestTensor]) -> TorchArchive {
    var storages: [String: [UInt8]] = [:]
    var items: [(String, [UInt8])] = []
    for (index, (name, value)) in tensors.sorted(by: { $0.key < $1.key }).enumerated() {
      storages["\(index)"] = value.values.withUnsafeBytes { Array($0) }
      let strides = value.shape.indices.map { value.shape[($0 + 1)...].reduce(1, *) }
      items.append((name, tensor("\(index)", count: value.values.count, shape: value.shape, strides: strides)))
    }
    return TorchArchive(whole(dictionary(items)), storages: storages)
  }
}
