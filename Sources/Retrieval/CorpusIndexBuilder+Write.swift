// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System
import Text

extension CorpusIndexBuilder {
  /// Writes the index to a file at `path`; see `write(to: OutputFile)`.
  package mutating func write(to path: String) throws(RetrievalError) {
    try write { (writer) throws(ContainerError) in try writer.write(to: path) }
  }

  /// Writes the index without removed rows and hashtags.
  ///
  /// Rows keep their order. Hashtags are renumbered in byte order of their normal forms. The builder stays usable.
  /// - Throws: `missingEmbedding`, `noRows` if there is nothing to train on, `file`.
  package mutating func write(to output: OutputFile) throws(RetrievalError) {
    try write { (writer) throws(ContainerError) in try writer.write(to: output) }
  }

  private mutating func write(_ body: (ContainerWriter) throws(ContainerError) -> Void) throws(RetrievalError) {
    if codes == nil { try train() }
    guard let codes else { throw .noRows }
    var live = rows.indices.filter { !rows[$0].isEmpty }
    let listed = list(&live, codes)
    let kept = listed == nil && live.count == codes.count ? codes : codes.keeping(live)
    do {
      var writer = ContainerWriter(kind: .index)
      let (numbers, entries) = try compactedHashtags()
      try Self.add(kept, to: &writer)
      if let listed { try Self.add(listed, to: &writer) }
      try add(rows: live, numbers, to: &writer)
      if options.indexesWords { try addWords(of: live, to: &writer) }
      try addAffixes(to: &writer)
      try add(entries, to: &writer)
      writer.setMetadata(metadata(kept, hashtags: entries.count, lists: listed?.quantizer.count ?? 0))
      try body(writer)
    } catch let error as ContainerError {
      throw .file(error)
    } catch let error as RetrievalError {
      throw error
    } catch {
      preconditionFailure("only the two errors above are thrown")
    }
  }

  /// The carried hashtags in byte order, and the new number of each old hashtag.
  private func compactedHashtags() throws(RetrievalError) -> (numbers: [UInt32], entries: [HashtagCatalog.Entry]) {
    let carried = carriedHashtags()
    let order = hashtags.entries.indices.filter { carried[$0] }.sorted {
      hashtags.entries[$0].normal.utf8.lexicographicallyPrecedes(hashtags.entries[$1].normal.utf8)
    }
    var numbers = [UInt32](repeating: 0, count: hashtags.entries.count)
    for (new, old) in order.enumerated() {
      if hashtags.entries[old].embedding.isEmpty { throw .missingEmbedding(hashtag: hashtags.entries[old].normal) }
      numbers[old] = UInt32(new)
    }
    return (numbers, order.map { hashtags.entries[$0] })
  }

  private static func add(_ codes: RowCodes, to writer: inout ContainerWriter) throws(ContainerError) {
    let quantizer = codes.quantizer
    let pairs = quantizer.subquantizers / 2
    try writer.add(
      IndexLayout.codebooks, shape: [quantizer.subquantizers, ProductQuantizer.centroids, quantizer.width],
      elements: quantizer.codebooks)
    try writer.add(
      IndexLayout.codes, shape: [ScanBlocks.count(rows: codes.count), pairs, ScanBlocks.rows],
      elements: ScanBlocks.interleave(codes.packed, pairs: pairs))
    try writer.add(
      IndexLayout.residuals, shape: [codes.count, quantizer.dimension / 2], elements: codes.residuals)
    try writer.add(IndexLayout.scales, shape: [codes.count, 2], elements: codes.scales)
  }

  private func add(rows live: [Int], _ numbers: [UInt32], to writer: inout ContainerWriter) throws(ContainerError) {
    var offsets: [UInt32] = [0]
    var carried: [UInt32] = []
    for row in live {
      carried += rows[row].map { numbers[Int($0)] }.sorted()
      offsets.append(UInt32(carried.count))
    }
    try writer.add(IndexLayout.rowOffsets, shape: [offsets.count], elements: offsets)
    try writer.add(IndexLayout.rowHashtags, shape: [carried.count], elements: carried)
    if live.enumerated().contains(where: { identifiers[$1] != RowName.made($0) }) {
      try writer.addCompressed(IndexLayout.identifiers, StringTable.write(live.map { identifiers[$0] }))
    }
    if options.keepsText { try writer.addCompressed(IndexLayout.text, StringTable.write(live.map { texts[$0] })) }
  }

  private func add(_ entries: [HashtagCatalog.Entry], to writer: inout ContainerWriter) throws(ContainerError) {
    let count = entries.count
    try writer.addCompressed(IndexLayout.display, StringTable.write(entries.map(\.display)))
    try writer.addCompressed(IndexLayout.normal, StringTable.write(entries.map(\.normal)))
    try writer.add(
      IndexLayout.embeddings, shape: [count, options.dimension / 2], elements: entries.flatMap(\.embedding))
    try writer.add(IndexLayout.embeddingScales, shape: [count], elements: entries.map(\.scale))
    try writer.add(IndexLayout.mentions, shape: [count], elements: entries.map { UInt32(clamping: $0.mentions) })
    try writer.add(IndexLayout.tagged, shape: [count], elements: entries.map { UInt32(clamping: $0.tagged) })
  }

  /// The metadata holds no time stamps and no paths, so the same corpus gives the same file.
  private func metadata(_ codes: RowCodes, hashtags: Int, lists: Int) -> JSONValue {
    let rows = Double(max(1, codes.count))
    var metadata: [String: JSONValue] = [
      "architecture": .string(IndexLayout.architecture),
      "createdBy": .string(options.createdBy),
      "model": .string(options.modelFingerprint),
      "dimension": .integer(options.dimension),
      "rows": .integer(codes.count),
      "hashtags": .integer(hashtags),
      "nextNumber": .integer(nextNumber),
      "rowNames": .integer(RowName.version),
      IndexLayout.normalForm: .integer(HashtagNormalForm.version),
      "quantizer": ["subquantizers": .integer(codes.quantizer.subquantizers), "bits": 4],
      "residualBits": 4,
      "reconstruction": [
        "coarseCosine": .number(codes.coarseCosines / rows), "fineCosine": .number(codes.fineCosines / rows),
      ],
    ]
    if lists > 0 { metadata["lists"] = .integer(lists) }
    return .object(metadata)
  }
}
