// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Tensors

/// The bits of an element of an embedding table whose rows are only looked up.
package enum TableWidth: Int, Sendable, CaseIterable {
  /// Blocks of 32 share a scale (`FourBitWeights`).
  case four = 4
  /// A row has a scale.
  case eight = 8
}

/// Collects the sections of a new model file. Equal content is stored once.
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
  private let tables: TableWidth
  private var storedScales: Set<String> = []
  /// The first section of each content. Its blocks can be computed again, because equal checksums do not prove equality.
  private var stored: [Content: (name: String, blocks: any TensorBlocks)] = [:]

  init(keepsFloats: Bool, tables: TableWidth = .eight) {
    self.keepsFloats = keepsFloats
    self.tables = tables
  }

  mutating func addText(_ name: String, _ bytes: [UInt8]) throws(ConversionError) {
    do { try writer.addCompressed(name, bytes) } catch { throw .file(error) }
  }

  /// Adds one network. Reports all unknown or missing tensors before it converts any.
  mutating func add(
    _ file: any TensorSource, _ rules: [TensorRule], ignoring ignorable: Set<String>, scales: InputScales = .none,
    progress: (String) -> Void
  ) throws(ConversionError) {
    let known = Set(rules.flatMap(\.sources))
    let unknown = file.names.filter { !known.contains($0) && !ignorable.contains($0) }.sorted()
    if !unknown.isEmpty { throw .unknownTensors(path: file.path, unknown) }
    let missing = Set(rules.flatMap { $0.missing(in: file) }).sorted()
    if !missing.isEmpty { throw .missingTensors(path: file.path, missing) }
    for rule in rules { try rule.checkTies(in: file) }
    progress("\(file.path): \(rules.count) tensors")
    let useless = scales.unknown(rules)
    if !useless.isEmpty { throw .unknownTensors(path: scales.path, useless) }
    for rule in rules { try add(file, rule, scales) }
  }

  private mutating func add(
    _ file: any TensorSource, _ rule: TensorRule, _ scales: InputScales
  ) throws(ConversionError) {
    let shape = rule.targetShape
    switch rule.storage {
    case .matrix where !keepsFloats:
      let scale = try scales.find(rule.target, columns: shape[1])
      if let scale, storedScales.insert(scale.name).inserted { try add(scale.name, [shape[1]], scale.values) }
      try addQuantized(TensorValues(file, rule, divisors: scale?.values ?? []), rule.target, shape, isPacked: true)
    case .words where !keepsFloats && tables == .four && shape[1] % FourBitWeights.blockColumns == 0:
      try addFourBit(FourBitTable(values: TensorValues(file, rule), rows: shape[0], columns: shape[1]), rule.target, shape)
    case .table(let isMultiplied) where !keepsFloats:
      try addQuantized(TensorValues(file, rule), rule.target, shape, isPacked: isMultiplied)
    case .words where !keepsFloats:
      try addQuantized(TensorValues(file, rule), rule.target, shape, isPacked: false)
    case .matrix, .table, .words:
      let shared = try add(rule.target, .float32, shape, FloatBlocks(values: TensorValues(file, rule)))
      report.add(rule.target, shape, .float32, sharedWith: shared, reason: "float32: requested by --float32")
    case .float(let reason):
      let shared = try add(rule.target, .float32, shape, FloatBlocks(values: TensorValues(file, rule)))
      report.add(rule.target, shape, .float32, sharedWith: shared, reason: reason)
    }
  }

  private mutating func addQuantized(
    _ values: TensorValues, _ name: String, _ shape: [Int], isPacked: Bool
  ) throws(ConversionError) {
    let matrix = try QuantizedMatrix(values, rows: shape[0], columns: shape[1], isPacked: isPacked)
    let shared = try add(name, .int8, matrix.blocks.shape, matrix.checksum, matrix.blocks)
    try add(name + ".scale", [shape[0]], matrix.scales)
    report.add(name, shape, .int8, sharedWith: shared, error: matrix.error)
  }

  private mutating func addFourBit(_ table: FourBitTable, _ name: String, _ shape: [Int]) throws(ConversionError) {
    let (scales, error, checksum) = try table.measured()
    let shared = try add(name, .uint8, FourBitWeights.shape(rows: shape[0], columns: shape[1]), checksum, table)
    try add(name + ".scale", [shape[0], shape[1] / FourBitWeights.blockColumns], scales)
    report.add(name, shape, .uint8, sharedWith: shared, error: error)
  }

  /// Adds a section. Returns the name of an earlier section with the same content, if there is one.
  @discardableResult
  private mutating func add<Element: SectionElement>(
    _ name: String, _ shape: [Int], _ values: [Element]
  ) throws(ConversionError) -> String? {
    try add(name, Element.elementType, shape, StoredVector(values: values))
  }

  private mutating func add(
    _ name: String, _ type: ElementType, _ shape: [Int], _ blocks: any TensorBlocks
  ) throws(ConversionError) -> String? {
    var checksum = XXH64()
    try blocks.forEach(failure: { $0 }) { (block) throws(ConversionError) in checksum.update(block) }
    return try add(name, type, shape, checksum.value, blocks)
  }

  private mutating func add(
    _ name: String, _ type: ElementType, _ shape: [Int], _ checksum: UInt64, _ blocks: any TensorBlocks
  ) throws(ConversionError) -> String? {
    let content = Content(type: type, shape: shape, checksum: checksum)
    if let other = stored[content], try blocks.isEqual(to: other.blocks) {
      aliases[name] = other.name
      return other.name
    }
    stored[content] = (name, blocks)
    do {
      try writer.add(name, type: type, shape: shape, checksum: checksum) { (append) throws(ContainerError) in
        try blocks.forEach(failure: { $0.whileWriting(name) }, append)
      }
    } catch {
      throw .file(error)
    }
    return nil
  }
}

/// A vector in memory.
private struct StoredVector<Element: SectionElement>: TensorBlocks {
  let values: [Element]

  var blockCount: Int { values.isEmpty ? 0 : 1 }
  var blockSize: Int { values.count * MemoryLayout<Element>.size }

  func read(_ index: Int, into bytes: UnsafeMutableRawBufferPointer) -> Int {
    values.withUnsafeBytes { bytes.copyMemory(from: $0) }
    return blockSize
  }
}

extension ConversionError {
  /// The error of a checkpoint that became unreadable while its section was written.
  fileprivate func whileWriting(_ section: String) -> ContainerError {
    if case .file(let error) = self { return error }
    return ContainerError(path: "", section: section, rule: .value(description))
  }
}
