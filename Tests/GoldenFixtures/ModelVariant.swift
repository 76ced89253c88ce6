// SPDX-License-Identifier: Apache-2.0

import Glibc
import ModelFile

/// Valid containers that are invalid models.
package enum ModelVariant {
  /// A copy of a model (by default the tiny one) with sections removed or replaced, or with changed metadata.
  package static func file(
    of model: ContainerFile? = nil, without: Set<String> = [], replacing: [String: (shape: [Int], elements: [Float])] = [:],
    metadata change: (inout JSONValue) -> Void = { _ in }
  ) throws -> ContainerFile {
    let original = try model ?? ContainerFile(path: GoldenModel.tiny.path)
    var writer = ContainerWriter(kind: .model)
    var metadata = original.metadata
    change(&metadata)
    writer.setMetadata(metadata)
    for section in original.sections where section.name != "metadata" && !without.contains(section.name) {
      if let replacement = replacing[section.name] {
        try writer.add(section.name, shape: replacement.shape, elements: replacement.elements)
      } else {
        try writer.add(copying: section.name, from: original)
      }
    }
    let path = "\(GoldenModel.temporaryFolder)/variant-\(getpid())-\(UInt64.random(in: 0 ... .max)).assigner"
    // The memory map outlives the file name.
    defer { unlink(path) }
    try writer.write(to: path)
    return try ContainerFile(path: path)
  }

  /// A change of the metadata that sets the value at a path.
  package static func setting(_ path: [String], _ value: JSONValue) -> (inout JSONValue) -> Void {
    func replaced(_ json: JSONValue, _ path: ArraySlice<String>) -> JSONValue {
      guard let key = path.first, case .object(var members) = json else { return value }
      members[key] = replaced(members[key] ?? .object([:]), path.dropFirst())
      return .object(members)
    }
    return { $0 = replaced($0, path[...]) }
  }
}
