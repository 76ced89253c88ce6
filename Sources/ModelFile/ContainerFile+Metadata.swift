// SPDX-License-Identifier: Apache-2.0

extension ContainerFile {
  /// Reads the metadata object after checking its checksum.
  static func metadata(
    _ section: Section, _ file: UnsafeRawBufferPointer, path: String
  ) throws(ContainerError) -> JSONValue {
    func fail(_ what: String) -> ContainerError {
      ContainerError(path: path, section: section.name, offset: section.offset, rule: .metadata(what))
    }
    guard section.isCompressed, section.type == .uint8 else { throw fail("is not a cold (compressed) section of bytes") }
    let limit = ContainerLayout.maximumMetadataSize
    guard section.size <= limit else { throw fail("inflates to \(section.size) bytes; the limit is \(limit)") }
    let bytes = try bytes(section, file, path: path)
    let value: JSONValue
    do {
      value = try JSONValue(parsing: bytes, maximumValues: ContainerLayout.maximumMetadataValues)
    } catch {
      throw fail("\(error)")
    }
    guard case .object = value else { throw fail("is not a JSON object") }
    return value
  }

  /// Reads the aliases of sections. An alias never points to another alias, so there can be no cycle.
  static func aliases(
    _ metadata: JSONValue, _ indices: [String: Int], path: String
  ) throws(ContainerError) -> [String: String] {
    guard let member = metadata["aliases"] else { return [:] }
    func fail(_ rule: ContainerError.Rule) -> ContainerError {
      ContainerError(path: path, section: ContainerLayout.metadataName, rule: rule)
    }
    guard case .object(let members) = member else { throw fail(.metadata("aliases: is not an object")) }
    var aliases: [String: String] = [:]
    aliases.reserveCapacity(members.count)
    for (name, value) in members {
      guard ContainerLayout.isValidName(Array(name.utf8)) else {
        throw fail(.metadata("aliases: \(JSONValue.string(name).serialized()) is not a valid section name"))
      }
      guard case .string(let target) = value else { throw fail(.metadata("aliases.\(name): is not a string")) }
      guard indices[target] != nil, indices[name] == nil else { throw fail(.alias(name: name, target: target)) }
      aliases[name] = target
    }
    return aliases
  }
}
