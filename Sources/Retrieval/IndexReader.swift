// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Text

/// Reads the sections of an index file and checks what their shapes alone do not guarantee.
struct IndexReader {
  let file: ContainerFile
  let dimension: Int
  let rows: Int
  let hashtags: Int
  let subquantizers: Int
  /// L; 0 for an index without lists.
  let lists: Int
  let nextNumber: Int
  let rowNames: Int
  let normalForm: Int
  let fingerprint: String

  init(_ file: ContainerFile) throws(ContainerError) {
    if file.kind != .index { throw file.failure(.wrongKind(expected: .index, found: file.kind)) }
    self.file = file
    let metadata = file.metadata
    do throws(JSONError) {
      let architecture = try metadata.string("architecture")
      guard architecture == IndexLayout.architecture else {
        throw JSONError(keyPath: "architecture", message: "is \"\(architecture)\", not \"\(IndexLayout.architecture)\"")
      }
      dimension = try metadata.integer("dimension", in: 2...FourBitRow.maximumDimension)
      rows = try metadata.integer("rows", in: 0...IndexLayout.maximumCount)
      hashtags = try metadata.integer("hashtags", in: 0...IndexLayout.maximumCount)
      subquantizers = try metadata.integer("quantizer", "subquantizers", in: 2...ProductQuantizer.maximumSubquantizers)
      _ = try metadata.integer("quantizer", "bits", in: 4...4)
      _ = try metadata.integer("residualBits", in: 4...4)
      lists = metadata["lists"] == nil ? 0 : try metadata.integer("lists", in: 1...CoarseQuantizer.maximumLists)
      nextNumber = try metadata.integer("nextNumber", in: 0...Int.max / 2)
      rowNames = metadata["rowNames"] == nil ? 1 : try metadata.integer("rowNames", in: 2...RowName.version)
      normalForm =
        metadata[IndexLayout.normalForm] == nil
        ? 1 : try metadata.integer(IndexLayout.normalForm, in: 2...HashtagNormalForm.version)
      fingerprint = try metadata.string("model")
      if let objection = ProductQuantizer.objection(dimension: dimension, subquantizers: subquantizers) {
        throw JSONError(keyPath: "quantizer", message: objection)
      }
    } catch {
      throw file.failure(.metadata(error.description), section: "metadata")
    }
  }

  func quantizer() throws(ContainerError) -> ProductQuantizer {
    let codebooks = try finite(
      IndexLayout.codebooks, shape: [subquantizers, ProductQuantizer.centroids, dimension / subquantizers])
    return ProductQuantizer(dimension: dimension, subquantizers: subquantizers, codebooks: Array(codebooks))
  }

  /// A float section whose values are finite and at most 1e6 in size, so that no sum of them overflows.
  func finite(_ name: String, shape: [Int]) throws(ContainerError) -> UnsafeBufferPointer<Float> {
    let values = try file.floats(name, shape: shape)
    if let index = values.firstIndex(where: { !(abs($0) <= 1e6) }) {
      throw file.failure(.value("element \(index) is \(values[index]); it must be finite and at most 1e6 in size"), section: name)
    }
    return values
  }

  /// Row offsets, hashtag numbers and the frequency of each hashtag. The caller has checked `hashtags` against a section.
  func rowHashtags() throws(ContainerError)
    -> (offsets: UnsafeBufferPointer<UInt32>, hashtags: UnsafeBufferPointer<UInt32>, frequencies: [UInt32])
  {
    let offsets = try file.uint32(IndexLayout.rowOffsets, shape: [rows + 1])
    let carried = try file.uint32(IndexLayout.rowHashtags)
    guard offsets[0] == 0, Int(offsets[rows]) == carried.count else {
      throw file.failure(
        .value("runs from \(offsets[0]) to \(offsets[rows]), not from 0 to \(carried.count)"),
        section: IndexLayout.rowOffsets)
    }
    for row in 0..<rows where offsets[row] > offsets[row + 1] {
      throw file.failure(.value("decreases after row \(row)"), section: IndexLayout.rowOffsets)
    }
    var frequencies = [UInt32](repeating: 0, count: hashtags)
    for row in 0..<rows {
      var previous = -1
      for pair in Int(offsets[row])..<Int(offsets[row + 1]) {
        let hashtag = Int(carried[pair])
        guard hashtag < hashtags, hashtag > previous else {
          throw file.failure(
            .value("row \(row): hashtag \(hashtag) must be below \(hashtags) and above the one before it"),
            section: IndexLayout.rowHashtags)
        }
        frequencies[hashtag] += 1
        previous = hashtag
      }
    }
    return (offsets, carried, frequencies)
  }

  /// A compressed table of `count` strings of at most `length` bytes on average. The caller has checked `count` against an
  /// uncompressed section.
  func strings(
    _ name: String, count: Int, length: Int = IndexLayout.maximumNameLength
  ) throws(ContainerError) -> StringTable {
    switch StringTable.read(try file.bytes(name, limit: 4 + count * (4 + length)), count: count) {
    case .success(let table): return table
    case .failure(let malformed): throw file.failure(.value(malformed.rule), section: name)
    }
  }
}
