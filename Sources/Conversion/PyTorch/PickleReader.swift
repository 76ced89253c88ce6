// SPDX-License-Identifier: Apache-2.0
/// Reads the index of a PyTorch file: a stack machine for `PickleOpcode` that builds values and runs no code. Refuses unknown
/// instructions with their name and byte. Time and memory are linear in the pickle's length: every instruction adds at most one
/// value.
///
/// The project has its own reader because other readers of pickles run code, and checkpoints are not trusted.
struct PickleReader {
  /// Far above the index of any network (a tensor takes about 150 bytes). Bounds the memory for a hostile file.
  static let maximumSize = 4 << 20
  /// A tensor takes about 25 instructions. Bounds the memory for a hostile file, because each instruction may make a list.
  static let maximumInstructions = 1 << 21

  /// A rule that the pickle breaks, and the byte in the pickle.
  struct Failure: Error {
    let offset: Int
    let rule: PyTorchError.Rule
  }

  private let bytes: [UInt8]
  private var position = 0
  /// The first byte of the current instruction.
  private var start = 0
  private var stack: [PickleValue] = []
  /// The heights of the stack at the marks.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var pickle = Pickle()

  static func read(_ bytes: [UInt8]) throws(Failure) -> Pickle {
    guard bytes.count <= maximumSize else {
      throw Failure(
        offset: maximumSize, rule: .pickle("has \(bytes.count) bytes; an index of tensors has less than \(maximumSize)"))
    }
    var reader = PickleReader(bytes: bytes)
    try reader.run()
    return reader.pickle
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func run() throws(Failure) {
    for count in 0... {
      start = position
      guard count < Self.maximumInstructions else {
        throw fail(.pickle("has more than \(Self.maximumInstructions) instructions; an index of tensors has fewer"))
      }
      let byte = try next(1)[0]
      guard let opcode = PickleOpcode(rawValue: byte) else { throw fail(.opcode(PickleOpcode.name(byte))) }
      if opcode == .stop { break }
      try execute(opcode)
    }
    pickle.root = try pop()
    guard stack.isEmpty, marks.isEmpty else { throw fail(.pickle("ends with values left over")) }
    guard position == bytes.count else { throw fail(.pickle("has bytes behind its end")) }
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(Failure) {
    switch opcode {
    case .stop: break
    case .proto:
      let version = try next(1)[0]
      guard version == 2 else { throw fail(.pickle("has protocol \(version); torch.save writes 2 (pickle_protocol=2)")) }
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .binInt: stack.append(.integer(Int(Int32(truncatingIfNeeded: unsigned(try next(4))))))
    case .binInt1: stack.append(.integer(unsigned(try next(1))))
    case .binInt2: stack.append(.integer(unsigned(try next(2))))
    case .long1: stack.append(long(try next(Int(try next(1)[0]))))
    case .binFloat:
      _ = try next(8)
      stack.append(.other)
    case .binUnicode: stack.append(.string(try text(unsigned(try next(4)))))
    case .shortBinString: stack.append(.string(try text(unsigned(try next(1)))))
    case .global: stack.append(try global())
    case .mark: marks.append(stack.count)
    case .emptyTuple: stack.append(.tuple(pickle.add([])))
    case .emptyList: stack.append(.list(pickle.add([])))
    case .emptyDictionary: stack.append(.dictionary(pickle.add([])))
    case .tuple: stack.append(.tuple(pickle.add(try popToMark())))
    case .tuple1: stack.append(.tuple(pickle.add(try pop(count: 1))))
    case .tuple2: stack.append(.tuple(pickle.add(try pop(count: 2))))
    case .tuple3: stack.append(.tuple(pickle.add(try pop(count: 3))))
    case .append: try extend([try pop()])
    case .appends: try extend(try popToMark())
    case .setItem: try insert(try pop(count: 2))
    case .setItems: try insert(try popToMark())
    case .binPut: memo[unsigned(try next(1))] = try top()
    case .longBinPut: memo[unsigned(try next(4))] = try top()
    case .binGet: stack.append(try recall(unsigned(try next(1))))
    case .longBinGet: stack.append(try recall(unsigned(try next(4))))
    case .binPersistentID: stack.append(try storage(try pop()))
    case .reduce, .newObject:
      let arguments = try pop()
      stack.append(try make(try pop(), arguments))
    case .build:
      // The attributes of a dictionary (a state_dict's "_metadata") are not used.
      _ = try pop()
      guard case .dictionary = try top() else { throw fail(.pickle("BUILD sets attributes of \(try top().kind)")) }
    }
  }
}

// MARK: Bytes

extension PickleReader {
  private func fail(_ rule: PyTorchError.Rule) -> Failure { Failure(offset: start, rule: rule) }

  /// The next bytes. Throws if the pickle has fewer.
  private mutating func next(_ count: Int) throws(Failure) -> [UInt8] {
    guard count <= bytes.count - position else {
      throw fail(.pickle("is cut: \(count) bytes are wanted, \(bytes.count - position) left"))
    }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  private func unsigned(_ bytes: [UInt8]) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }

  /// A two's complement number of any length; `.other` if it does not fit an Int.
  private func long(_ bytes: [UInt8]) -> PickleValue {
    guard bytes.count <= 8 else { return .other }
    let magnitude = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let unused = 64 - 8 * UInt64(bytes.count)
    return .integer(bytes.isEmpty ? 0 : Int(Int64(bitPattern: magnitude << unused) >> Int64(unused)))
  }

  private mutating func text(_ count: Int) throws(Failure) -> String {
    guard let text = String(validating: try next(count), as: UTF8.self) else { throw fail(.pickle("a string is not UTF-8")) }
    return text
  }

  private mutating func line() throws(Failure) -> String {
    let rest = bytes[position...].prefix(256)
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw fail(.pickle("a class has no name's end")) }
    let text = try text(end - position)
    position += 1
    return text
  }
}

// MARK: The stack

extension PickleReader {
  private func top() throws(Failure) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.last else {
      throw fail(.pickle("takes a value where there is none"))
    }
    return value
  }

  private mutating func pop() throws(Failure) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(count: Int) throws(Failure) -> [PickleValue] {
    var values: [PickleValue] = []
    for _ in 0..<count { values.append(try pop()) }
    return values.reversed()
  }

  private mutating func popToMark() throws(Failure) -> [PickleValue] {
    guard let height = marks.popLast() else { throw fail(.pickle("takes values down to a mark where there is none")) }
    defer { stack.removeSubrange(height...) }
    return Array(stack[height...])
  }

  private func recall(_ index: Int) throws(Failure) -> PickleValue {
    guard let value = memo[index] else { throw fail(.pickle("asks for value \(index), which it has not kept")) }
    return value
  }

  private mutating func extend(_ items: [PickleValue]) throws(Failure) {
    guard case .list(let index) = try top() else { throw fail(.pickle("appends to \(try top().kind)")) }
    pickle.containers[index] += items
  }

  private mutating func insert(_ items: [PickleValue]) throws(Failure) {
    guard items.count % 2 == 0, case .dictionary(let index) = try top() else {
      throw fail(.pickle("sets \(items.count) keys and values of \(try top().kind)"))
    }
    pickle.containers[index] += items
  }
}

// MARK: PyTorch's objects

extension PickleReader {
  private mutating func global() throws(Failure) -> PickleValue {
    let module = try line()
    let name = module + "." + (try line())
    if PickleClass.isDataType(name) { return .other }
    guard let found = PickleClass(name) else { throw fail(.global(name)) }
    return .callable(found)
  }

  /// ("storage", class, key, device, count)
  private mutating func storage(_ value: PickleValue) throws(Failure) -> PickleValue {
    guard case .tuple(let index) = value else { throw fail(.pickle("a storage is described by \(value.kind)")) }
    let items = pickle.containers[index]
    guard items.count == 5, case .string("storage") = items[0], case .callable(.storage(let type)) = items[1],
      case .string(let key) = items[2], case .string = items[3], case .integer(let count) = items[4], count >= 0
    else { throw fail(.pickle("a storage is not described by \"storage\", type, key, device and count")) }
    pickle.storages.append(Pickle.Storage(type: type, key: key, count: count))
    return .storage(pickle.storages.count - 1)
  }

  /// The value that a call of `function` would return.
  private mutating func make(_ function: PickleValue, _ arguments: PickleValue) throws(Failure) -> PickleValue {
    guard case .callable(let function) = function else { throw fail(.pickle("calls \(function.kind)")) }
    guard case .tuple(let index) = arguments else { throw fail(.pickle("calls with \(arguments.kind) as arguments")) }
    let items = pickle.containers[index]
    switch function {
    case .orderedDictionary:
      guard items.isEmpty else { throw fail(.pickle("makes an OrderedDict of something")) }
      return .dictionary(pickle.add([]))
    case .rebuildTensor:
      guard items.count >= 4, case .storage(let storage) = items[0], case .integer(let offset) = items[1],
        let shape = pickle.integers(items[2]), let strides = pickle.integers(items[3])
      else { throw fail(.pickle("a tensor is not made of storage, offset, shape and strides")) }
      pickle.tensors.append(Pickle.Tensor(storage: storage, offset: offset, shape: shape, strides: strides))
      return .tensor(pickle.tensors.count - 1)
    case .rebuildParameter:
      guard let first = items.first, case .tensor = first else { throw fail(.pickle("a parameter is not made of a tensor")) }
      return first
    case .size:
      guard let first = items.first, pickle.integers(first) != nil else { throw fail(.pickle("a size is not made of integers")) }
      return first
    case .useless: return .other
    case .storage: throw fail(.pickle("calls the class of a storage"))
    }
  }
}
