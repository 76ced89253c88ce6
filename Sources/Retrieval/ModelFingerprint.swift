import ModelFile

/// Tells whether an index fits a model: what its vectors depend on, and nothing else, so that a model with another
/// generator or ranking still reads the same index.
public enum ModelFingerprint {
  /// 16 hexadecimal digits over the names and checksums of the retriever, the selector and the vocabulary, aliases
  /// resolved. Reads the section table only.
  public static func of(_ file: ContainerFile) -> String {
    let names = file.sections.map(\.name) + file.aliases.keys
    let relevant = Set(names).filter { name in
      name.hasPrefix("retriever/") || name.hasPrefix("selector/") || name == "text/vocabulary"
    }
    var bytes: [UInt8] = []
    for name in relevant.sorted() {
      guard let section = file.section(name) else { continue }
      bytes += name.utf8
      bytes.append(0)
      withUnsafeBytes(of: section.checksum.littleEndian) { bytes += $0 }
    }
    let digits = String(XXH64.hash(bytes), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
