// SPDX-License-Identifier: Apache-2.0

import Retrieval
import Tensors
import Testing
import TestSupport
import Transformer

@testable import Conversion
@testable import ModelFile

/// Models of older versions, which store the matrices of linear layers row by row.
@Suite struct OlderModelTests {
  /// The model of a tiny checkpoint, and a copy with every matrix stored row by row.
  private func models(in folder: TemporaryFolder) throws -> (new: ContainerFile, old: ContainerFile) {
    try TinyCheckpoint().write(to: folder.path)
    let (writer, report) = try Converter(checkpoint: Checkpoint(folder: folder.path)).convert()
    try writer.write(to: folder.file("new"))
    let new = try ContainerFile(path: folder.file("new"))
    var old = ContainerWriter(kind: .model)
    old.setMetadata(new.metadata)
    for section in new.sections where section.name != "metadata" {
      guard section.type == .int8, section.shape.count == 4 else {
        try old.add(copying: section.name, from: new)
        continue
      }
      let shape = try #require(report.rows.first { $0.name == section.name }?.shape)
      let packed = try new.array(section.name, as: Int8.self)
      var values: [Int8] = []
      for row in 0..<shape[0] {
        for column in 0..<shape[1] {
          let chunk = row / 16 * section.shape[1] + column / 4
          values.append(packed[(chunk * 16 + row % 16) * 4 + column % 4])
        }
      }
      try old.add(section.name, shape: shape, elements: values)
    }
    try old.write(to: folder.file("old"))
    return (new, try ContainerFile(path: folder.file("old")))
  }

  private func embedding(_ file: ContainerFile) throws -> [UInt32] {
    let encoder = try SentenceEncoder(file: file, name: "selector")
    return try encoder.encode([2, 5, 4, 6, 3], arena: Arena(capacity: encoder.scratch)).map(\.bitPattern)
  }

  @Test func itAnswersTheSameBits() throws {
    let folder = TemporaryFolder()
    let (new, old) = try models(in: folder)
    #expect(old.section("selector/layers.0.feedForward.up.weight")?.shape == [12, 8])
    #expect(new.section("selector/layers.0.feedForward.up.weight")?.shape == [1, 2, 16, 4])
    #expect(try embedding(old) == embedding(new))
  }

  @Test func updatingItMakesTheNewModel() throws {
    let folder = TemporaryFolder()
    let (new, old) = try models(in: folder)
    try ModelUpdate.updating(modelAt: old.path).write(to: folder.file("updated"))
    let updated = try ContainerFile(path: folder.file("updated"))
    try updated.verify()
    for section in new.sections where section.name != "metadata" {
      #expect(updated.section(section.name)?.checksum == section.checksum, "\(section.name)")
      #expect(updated.section(section.name)?.shape == section.shape)
    }
    // An index of the older model still fits.
    #expect(ModelFingerprint.of(updated) == ModelFingerprint.of(old))
    #expect(ModelFingerprint.of(old) != ModelFingerprint.of(new))
    // A second update changes nothing.
    try ModelUpdate.updating(modelAt: updated.path).write(to: folder.file("again"))
    let again = try ContainerFile(path: folder.file("again"))
    #expect(again.metadata == updated.metadata)
    #expect(again.sections.map(\.checksum) == updated.sections.map(\.checksum))
  }
}
