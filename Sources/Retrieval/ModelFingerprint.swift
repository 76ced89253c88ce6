// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Tells whether an index fits a model: what its vectors depend on, and nothing else, so that a model with another
/// generator or ranking still reads the same index.
package enum ModelFingerprint {
  private static let networks = ["retriever", "selector"]

  /// 16 hexadecimal digits over the names and checksums of the retriever, the selector with its hashtags' vectors, and their
  /// vocabularies, aliases resolved, and over what the metadata says of pooling, prompts and tokenizers where that is not as it always was. Reads the
  /// section table and the metadata only.
  ///
  /// A model that was only stored in another way says in its metadata which fingerprint it had before.
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

  /// What the metadata says of both networks' tokenizers; empty where it lists none.
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
