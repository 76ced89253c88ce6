// SPDX-License-Identifier: Apache-2.0
/// A value that a pickle builds. A container is an index into `Pickle.containers`: values never contain values, so deep or
/// cyclic nesting cannot exhaust the stack.
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
  /// A value that is not used: a float, a dtype, bytes, …
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

/// The classes and functions that a pickle may name. None is called: the reader knows their results.
enum PickleClass: Sendable, Equatable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case size
  /// Returns an unused value for any arguments: `torch.device`, `_codecs.encode` (protocol 2 writes bytes with it).
  case useless
  case storage(StorageType)

  /// - Parameter name: module and name, for example "collections.OrderedDict".
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

  /// Whether a name is a constant of PyTorch, for example `torch.float16`.
  static func isDataType(_ name: String) -> Bool {
    [
      "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.int16",
      "torch.int8", "torch.uint8", "torch.bool",
    ].contains(name)
  }
}

/// The element type of a storage. The raw value is part of the name of PyTorch's class.
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

  /// - Parameter name: for example "torch.FloatStorage".
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

  /// The type of weights; nil for types that this program does not read.
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

/// The values of a pickle.
struct Pickle: Sendable {
  /// The bytes of tensors, in the archive's entry data/KEY.
  struct Storage: Sendable {
    let type: StorageType
    let key: String
    /// The number of elements.
    let count: Int
  }

  /// A view of a storage, in elements. Not yet checked.
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

  /// PyTorch's limit.
  static let maximumRank = 64

  /// The integers of a tuple of at most `maximumRank` integers; nil for any other value. Without the limit, every tensor of a
  /// small file could copy one large tuple.
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
