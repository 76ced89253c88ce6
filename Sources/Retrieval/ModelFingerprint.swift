// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Identifies everything in a model that the vectors of an index depend on, and nothing else.
///
/// A model with another generator or ranking can therefore still read the same index.
package enum ModelFingerprint {
  private static let networks = ["retriever", "selector"]

  /// The fingerprint, 16 hexadecimal digits. Reads only the section table and the metadata.
  ///
  /// It hashes the names and checksums of the retriever, of the selector with its hashtag vectors, and of their
  /// vocabularies, with aliases resolved. It also hashes the metadata of pooling, prompts and tokenizers, where these
  /// differ from the defaults of earlier models.
  ///
  /// If a model was only stored in another form, its metadata keeps the fingerprint that it had before.
  package static func of(_ file: ContainerFile) -> String {
    if case .string(let kept)? = file.metadata[ModelLayout.Key.fingerprint] { return kept }
    let names = file.sections.map(\.name) + file.aliases.keys
    let tokenizers = tokenizers(file)
    let vocabularies = tokenizers.isEmpty ? ["text/vocabulary"] : Set(tokenizers.flatMap(sections))
    let relevant = Set(names).filter { name in
      (networks + ["hashtags"]).contains { name.hasPrefix($0 + "/") } || vocabularies.contains(name)
        || name == "text/hashtags"
    }
    var bytes: [UInt8] = []
    for name in relevant.sorted() {
      guard let section = file.section(name) else { continue }
      bytes += name.utf8
      bytes.append(0)
      withUnsafeBytes(of: section.checksum.littleEndian) { bytes += $0 }
    }
    for description in tokenizers { bytes += description.serialized().utf8 }
    for network in networks {
      let pooling = file.metadata.value(at: [network, "pooling"])
      if let pooling, pooling != "mean" { bytes += "\(network) \(pooling.serialized())".utf8 }
      if let prompt = file.metadata.value(at: [network, "prompt"]) {
        bytes += "\(network) prompt \(prompt.serialized())".utf8
      }
    }
    let digits = String(XXH64.hash(bytes), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The metadata of both networks' tokenizers; empty if it lists none.
  private static func tokenizers(_ file: ContainerFile) -> [JSONValue] {
    guard let tokenizers = file.metadata["tokenizers"] else { return [] }
    return networks.compactMap { network in
      guard case .string(let name)? = file.metadata.value(at: [network, "tokenizer"]) else { return tokenizers["encoder"] }
      return tokenizers[name]
    }
  }

  private static func sections(_ tokenizer: JSONValue) -> [String] {
    guard case .object(let sections)? = tokenizer["sections"] else { return [] }
    return sections.values.compactMap { if case .string(let name) = $0 { name } else { nil } }
  }
}
