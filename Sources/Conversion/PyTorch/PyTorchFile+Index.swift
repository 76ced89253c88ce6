// SPDX-License-Identifier: Apache-2.0

extension PyTorchFile {
  /// The keys under which training programs keep a network's tensors in a larger dictionary.
  static let stateKeys = ["state_dict", "model_state_dict", "model", "module"]
  /// The first instruction of a file from before PyTorch 1.6: LONG1 with the ten bytes of 0x1950a86a20f9469cfc6c.
  private static let legacyMagic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  /// Reads and validates the index of a file.
  static func tensors(_ file: UnsafeRawBufferPointer, path: String) throws(PyTorchError) -> [String: Tensor] {
    func fail(_ rule: PyTorchError.Rule, at offset: Int? = nil, _ tensor: String? = nil) -> PyTorchError {
      PyTorchError(path: path, offset: offset, tensor: tensor, rule: rule)
    }
    if file.first == PickleOpcode.proto.rawValue {
      throw fail(file.dropFirst(2).starts(with: legacyMagic) ? .legacyFormat : .part("is a bare pickle, no file of torch.save"))
    }
    let archive: ZipArchive
    do { archive = try ZipArchive(file) } catch { throw fail(.archive(error.message), at: error.offset) }

    // torch.save puts all entries into one folder, which is named after the file.
    let indices = archive.entries.keys.filter { $0.hasSuffix("/data.pkl") && $0.utf8.count { $0 == UInt8(ascii: "/") } == 1 }
    guard let name = indices.first, indices.count == 1, let place = archive.entries[name] else {
      throw fail(.part("is no file of torch.save: it has \(indices.count) indices (data.pkl)"))
    }
    let folder = name.dropLast("data.pkl".count)
    for (part, known) in [("byteorder", ["little"]), ("version", (2...10).map(String.init))] {
      guard let range = archive.entries[folder + part] else { continue }
      let text = String(decoding: file[range].prefix(16).filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
      guard known.contains(text) else {
        throw fail(
          .part("\(part) is \"\(text)\"; this program reads \(known.count == 1 ? known[0] : "2 to 10")"), at: range.lowerBound)
      }
    }

    let pickle: Pickle
    do {
      pickle = try PickleReader.read(Array(file[place]))
    } catch {
      throw fail(error.rule, at: place.lowerBound + error.offset)
    }
    let state: [String: Int]
    do { state = try pickle.stateDictionary } catch { throw fail(error) }
    var tensors: [String: Tensor] = [:]
    for (name, index) in state {
      let view = pickle.tensors[index]
      let storage = pickle.storages[view.storage]
      guard let data = archive.entries["\(folder)data/\(storage.key)"] else {
        throw fail(.part("storage data/\(storage.key) is missing"), name)
      }
      guard data.count / storage.type.size == storage.count, data.count % storage.type.size == 0 else {
        throw fail(
          .part("storage data/\(storage.key) has \(data.count) bytes; its index makes \(storage.count) × \(storage.type.size)"),
          at: data.lowerBound, name)
      }
      do { tensors[name] = try Tensor(view, of: storage, data: data) } catch { throw fail(error, name) }
    }
    return tensors
  }
}

extension Pickle {
  /// The tensors by name, as indices into `tensors`. If the outer dictionary has tensors, these are used, and its other values
  /// (an epoch, a learning rate) are ignored. Otherwise exactly one of `stateKeys` must have a dictionary with tensors.
  var stateDictionary: [String: Int] {
    get throws(PyTorchError.Rule) {
      guard case .dictionary(let index) = root else { throw .stateDictionary("holds \(root.kind), no dictionary of tensors") }
      let outer = try tensors(of: index)
      if !outer.isEmpty { return outer }
      var found: [(key: String, tensors: [String: Int])] = []
      var keys: [String] = []
      for (key, value) in items(of: index) {
        guard case .string(let key) = key else { continue }
        keys.append(key)
        guard PyTorchFile.stateKeys.contains(key), case .dictionary(let inner) = value else { continue }
        let tensors = try tensors(of: inner)
        if !tensors.isEmpty { found.append((key, tensors)) }
      }
      guard let first = found.first, found.count == 1 else {
        let what = found.isEmpty ? "no tensors, nor" : "tensors under several keys, where one is wanted:"
        let names = found.isEmpty ? PyTorchFile.stateKeys : found.map(\.key)
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        let there = keys.prefix(10).map { "\"\($0)\"" }.joined(separator: ", ")
        throw .stateDictionary(
          "the dictionary has \(what) \(found.isEmpty ? "a dictionary of tensors under " : "")\(list); its keys are \(there)")
      }
      return first.tensors
    }
  }

  private func tensors(of dictionary: Int) throws(PyTorchError.Rule) -> [String: Int] {
    var tensors: [String: Int] = [:]
    for (key, value) in items(of: dictionary) {
      guard case .tensor(let tensor) = value else { continue }
      guard case .string(let name) = key else { throw .stateDictionary("a tensor is named by \(key.kind)") }
      guard tensors.updateValue(tensor, forKey: name) == nil else { throw .stateDictionary("tensor \"\(name)\" is there twice") }
    }
    return tensors
  }

  private func items(of dictionary: Int) -> [(key: PickleValue, value: PickleValue)] {
    let container = containers[dictionary]
    return stride(from: 0, to: container.count, by: 2).map { (container[$0], container[$0 + 1]) }
  }
}
