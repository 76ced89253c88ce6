// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import Tensors

/// Rewrites a model file and keeps its networks.
package enum ModelUpdate {
  /// Copies the sections of the model at `path`, with two changes: matrices of linear layers that an older version stored row
  /// by row are packed, and the JSON file at `ranking`, if given, replaces the ranking.
  package static func updating(modelAt path: String, ranking: String? = nil) throws(ConversionError) -> ContainerWriter {
    let bytes = try ranking.map { (path) throws(ConversionError) in try RankingFile.checked(path) }
    do {
      let file = try ContainerFile(path: path, kind: .model)
      // A damaged tensor must not get a new, valid checksum.
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

  /// Whether a section is the row-major matrix of a linear layer.
  private static func isLinear(_ section: Section, of file: ContainerFile) -> Bool {
    guard section.type == .int8, section.shape.count == 2 else { return false }
    // BART's word embeddings are also its output projection.
    let isBART = (try? GeneratorKind.of(file)) == .bart
    return section.name.hasSuffix(".weight") || isBART && section.name == "\(ModelLayout.generatorEncoder)/embeddings.word"
  }

  private static func pack(
    _ section: Section, of file: ContainerFile, into writer: inout ContainerWriter
  ) throws(ContainerError) {
    let (rows, columns) = (section.shape[0], section.shape[1])
    let shape = PackedMatrix.shape(rows: rows, columns: columns)
    try writer.add(section.name, type: .int8, shape: shape) { (append) throws(ContainerError) in
      defer { withExtendedLifetime(file) {} }
      // Bounded by the file's size: packing pads to at most 16 rows and 4 columns.
      var packed = [Int8](repeating: 0, count: shape.reduce(1, *))
      let values = try file.int8(section.name)
      packed.withUnsafeMutableBufferPointer { PackedMatrix.pack(values, rows: rows, columns: columns, into: $0) }
      try packed.withUnsafeBytes { bytes in Result { () throws(ContainerError) in try append(bytes) } }.get()
    }
  }

  /// Keeps the model's fingerprint: the embeddings stay the same to the bit, so an existing index still fits.
  private static func keepingFingerprint(of file: ContainerFile) -> JSONValue {
    guard case .object(var members) = file.metadata else { return file.metadata }
    members[ModelLayout.Key.fingerprint] = .string(ModelFingerprint.of(file))
    return .object(members)
  }
}
