import ModelFile

/// The sections of the model file in the making; knows which content is there already.
struct TensorStore {
  private struct Content: Hashable {
    let type: ElementType
    let shape: [Int]
    let checksum: UInt64
  }

  var writer = ContainerWriter(kind: .model)
  private(set) var aliases: [String: String] = [:]
  private(set) var report = ConversionReport()
  private let keepsFloats: Bool
  private var storedScales: Set<String> = []
  private var names: [Content: String] = [:]
  /// Kept to compare byte by byte: equal checksums are no proof. The arrays are shared with the writer, not copied.
  private var floats: [String: [Float]] = [:]
  private var integers: [String: [Int8]] = [:]

  init(keepsFloats: Bool) {
    self.keepsFloats = keepsFloats
  }

  mutating func addText(_ name: String, _ bytes: [UInt8]) throws(ConversionError) {
    do { try writer.addCompressed(name, bytes) } catch { throw .file(error) }
  }

  /// Adds one network. Names every tensor that is unknown or missing before any is converted.
  mutating func add(
    _ file: any TensorSource, _ rules: [TensorRule], ignoring ignorable: Set<String>, scales: InputScales = .none,
    progress: (String) -> Void
  ) throws(ConversionError) {
    var expected: Set<String> = []
    for rule in rules {
      expected.insert(rule.source)
      if case .addingFirstRow(let other, _) = rule.transform { expected.insert(other) }
    }
    let unknown = file.names.filter { !expected.contains($0) && !ignorable.contains($0) }.sorted()
    if !unknown.isEmpty { throw .unknownTensors(path: file.path, unknown) }
    let missing = expected.filter { file.shape($0) == nil }.sorted()
    if !missing.isEmpty { throw .missingTensors(path: file.path, missing) }
    progress("\(file.path): \(rules.count) tensors")
    let useless = scales.unknown(rules)
    if !useless.isEmpty { throw .unknownTensors(path: scales.path, useless) }
    for rule in rules { try add(file, rule, scales) }
  }

  private mutating func add(
    _ file: any TensorSource, _ rule: TensorRule, _ scales: InputScales
  ) throws(ConversionError) {
    var values = try Self.values(file, rule)
    let shape = rule.targetShape
    switch rule.storage {
    case .float(let reason):
      let shared = try add(rule.target, shape, values)
      report.add(rule.target, shape, .float32, sharedWith: shared, reason: reason)
    case .matrix where keepsFloats:
      let shared = try add(rule.target, shape, values)
      report.add(rule.target, shape, .float32, sharedWith: shared, reason: "float32 was asked for")
    case .matrix:
      if let scale = try scales.find(rule.target, columns: shape[1]) {
        for index in values.indices { values[index] /= scale.values[index % shape[1]] }
        if storedScales.insert(scale.name).inserted { try add(scale.name, [shape[1]], scale.values) }
      }
      let quantized = RowQuantization(values, rows: shape[0], columns: shape[1])
      let shared = try add(rule.target, shape, quantized.values)
      try add(rule.target + ".scale", [shape[0]], quantized.scales)
      report.add(rule.target, shape, .int8, sharedWith: shared, error: quantized.error)
    }
  }

  /// The values of one tensor as the model file has them.
  private static func values(_ file: any TensorSource, _ rule: TensorRule) throws(ConversionError) -> [Float] {
    var values = try checked(file, rule.source, rule.shape)
    switch rule.transform {
    case .none, .flattening: break
    case .droppingRows(let count): values.removeFirst(count * rule.shape[1])
    case .addingFirstRow(let other, let rows):
      let columns = rule.shape[1]
      let row = try checked(file, other, [rows, columns])
      for index in values.indices { values[index] += row[index % columns] }
    }
    return values
  }

  private static func checked(
    _ file: any TensorSource, _ name: String, _ shape: [Int]
  ) throws(ConversionError) -> [Float] {
    if let found = file.shape(name), found != shape {
      throw .shape(path: file.path, tensor: name, expected: shape, found: found)
    }
    return try file.floats(name)
  }

  /// Returns the name that has the same content already, if there is one.
  @discardableResult
  private mutating func add(_ name: String, _ shape: [Int], _ values: [Float]) throws(ConversionError) -> String? {
    let content = Content(type: .float32, shape: shape, checksum: values.withUnsafeBytes { XXH64.hash($0) })
    if let shared = names[content], let others = floats[shared], Self.equal(values, others) {
      aliases[name] = shared
      return shared
    }
    names[content] = name
    floats[name] = values
    do { try writer.add(name, shape: shape, elements: values) } catch { throw .file(error) }
    return nil
  }

  private mutating func add(_ name: String, _ shape: [Int], _ values: [Int8]) throws(ConversionError) -> String? {
    let content = Content(type: .int8, shape: shape, checksum: values.withUnsafeBytes { XXH64.hash($0) })
    if let shared = names[content], let others = integers[shared], others == values {
      aliases[name] = shared
      return shared
    }
    names[content] = name
    integers[name] = values
    do { try writer.add(name, shape: shape, elements: values) } catch { throw .file(error) }
    return nil
  }

  /// By bits: 0 and −0 are different contents.
  private static func equal(_ first: [Float], _ second: [Float]) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { $0.bitPattern == $1.bitPattern }
  }
}
