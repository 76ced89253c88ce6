// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import Tensors

/// A model file anew, its networks as they are.
package enum ModelUpdate {
  /// The sections of the model at `path`: as they are stored, but for the matrices of linear layers, which are packed where an
  /// older version stored them row by row, and for the ranking, which is that of the JSON file at `ranking` if one is given.
  package static func updating(modelAt path: String, ranking: String? = nil) throws(ConversionError) -> ContainerWriter {
    let bytes = try ranking.map { (path) throws(ConversionError) in try RankingFile.checked(path) }
    do {
      let file = try ContainerFile(path: path, kind: .model)
      // A damaged tensor must not get a fresh file around it.
      try file.verify()
      var writer = ContainerWriter(kind: .model)
      let replaced = Set(["metadata"] + (bytes == nil ? [] : [ModelLayout.ranking]))
      let text = file.sections.filter { $0.isCompressed && !replaced.contains($0.name) }
      for section in text { try writer.add(copying: section.name, from: file) }
      if let bytes { try writer.addCompressed(ModelLayout.ranking, bytes) }
      var metadata = file.metadata
      for section in file.sections where !section.isCompressed {
        if isLinear(section, of: file) {
          try pack(section, of: file, into: &writer)
          metadata = keepingFingerprint(of: file)
        } else {
          try writer.add(copying: section.name, from: file)
        }
      }
      writer.setMetadata(metadata)
      return writer
    } catch {
      throw .file(error)
    }
  }

  /// Whether a section is a row-major matrix that inputs are multiplied with.
  private static func isLinear(_ section: Section, of file: ContainerFile) -> Bool {
    guard section.type == .int8, section.shape.count == 2 else { return false }
    // BART's words are its output projection, too.
    let isBART = (try? GeneratorKind.of(file)) == .bart
    return section.name.hasSuffix(".weight") || isBART && section.name == "generator/encoder/embeddings.word"
  }

  private static func pack(
    _ section: Section, of file: ContainerFile, into writer: inout ContainerWriter
  ) throws(ContainerError) {
    let (rows, columns) = (section.shape[0], section.shape[1])
    let shape = PackedMatrix.shape(rows: rows, columns: columns)
    try writer.add(section.name, type: .int8, shape: shape) { (append) throws(ContainerError) in
      defer { withExtendedLifetime(file) {} }
      // No larger than the file makes it: at most 16 rows and 4 columns for each that is there.
      var packed = [Int8](repeating: 0, count: shape.reduce(1, *))
      let values = try file.int8(section.name)
      packed.withUnsafeMutableBufferPointer { PackedMatrix.pack(values, rows: rows, columns: columns, into: $0) }
      try packed.withUnsafeBytes { bytes in Result { () throws(ContainerError) in try append(bytes) } }.get()
    }
  }

  /// The vectors stay the same to the bit, so an index of the model before fits.
  private static func keepingFingerprint(of file: ContainerFile) -> JSONValue {
    guard case .object(var members) = file.metadata else { return file.metadata }
    members[ModelLayout.Key.fingerprint] = .string(ModelFingerprint.of(file))
    return .object(members)
  }
}
