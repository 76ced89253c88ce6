// SPDX-License-Identifier: Apache-2.0
/// What a pickle builds. Containers are numbers of rows in `Pickle.containers`: a value never holds another, so that no
/// nesting, however deep or cyclic, can exhaust the stack.
enum PickleValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case string(String)
  case tuple(Int)
  case list(Int)
  /// Its container holds key, value, key, value, …
  case dictionary(Int)
  case storage(Int)
  case tensor(Int)
  case callable(PickleClass)
  /// A number, a dtype, bytes, …: carried along, of no use here.
  case other

  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a boolean"
    case .integer: "an integer"
    case .string: "a string"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .storage: "a storage"
    case .tensor: "a tensor"
    case .callable: "a class"
    case .other: "another value"
    }
  }
}

/// The classes and functions that a pickle may name. None is called: what they mean is known here.
enum PickleClass: Sendable, Equatable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case size
  /// Makes a value of no use here from any arguments: `torch.device`, `_codecs.encode` (how protocol 2 writes bytes).
  case useless
  case storage(StorageType)

  /// - Parameter name: with its module: "collections.OrderedDict".
  init?(_ name: String) {
    switch name {
    case "collections.OrderedDict": self = .orderedDictionary
    case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state": self = .rebuildParameter
    case "torch.Size": self = .size
    case "torch.device", "_codecs.encode": self = .useless
    default:
      guard let type = StorageType(name) else { return nil }
      self = .storage(type)
    }
  }

  /// Values that are named, not made: `torch.float16` and its like.
  static func isDataType(_ name: String) -> Bool {
    [
      "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16",
      "torch.int8", "torch.uint8", "torch.bool",
    ].contains(name)
  }
}

/// The element type of a storage, by the class that PyTorch writes for it.
enum StorageType: String, Sendable {
  case float64 = "Double"
  case float32 = "Float"
  case float16 = "Half"
  case bfloat16 = "BFloat16"
  case int64 = "Long"
  case int32 = "Int"
  case int16 = "Short"
  case int8 = "Char"
  case uint8 = "Byte"
  case bool = "Bool"

  /// - Parameter name: "torch.FloatStorage".
  init?(_ name: String) {
    guard name.hasPrefix("torch."), name.hasSuffix("Storage") else { return nil }
    self.init(rawValue: String(name.dropFirst(6).dropLast(7)))
  }

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Nil for what are no weights.
  var weight: WeightType? {
    switch self {
    case .float64: .float64
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    default: nil
    }
  }
}

/// A pickle as it was read.
struct Pickle: Sendable {
  /// "storage", type, key, device, count: the bytes lie in the archive's entry data/KEY.
  struct Storage: Sendable {
    let type: StorageType
    let key: String
    /// Elements.
    let count: Int
  }

  /// A view of a storage, in elements; nothing of it is checked yet.
  struct Tensor: Sendable {
    let storage: Int
    let offset: Int
    let shape: [Int]
    let strides: [Int]
  }

  var root = PickleValue.none
  var containers: [[PickleValue]] = []
  var storages: [Storage] = []
  var tensors: [Tensor] = []

  mutating func add(_ items: [PickleValue]) -> Int {
    containers.append(items)
    return containers.count - 1
  }

  /// PyTorch's own limit.
  static let maximumRank = 64

  /// The integers of a tuple of at most `maximumRank` integers, nil for anything else. Without a limit, every tensor of a small
  /// file could have a copy of one large tuple.
  func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let index) = value, containers[index].count <= Self.maximumRank else { return nil }
    var numbers: [Int] = []
    for item in containers[index] {
      guard case .integer(let number) = item else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}
