// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension CorpusIndexBuilder {
  /// The grouping of a written index's rows into lists.
  struct ListedRows {
    let quantizer: CoarseQuantizer
    /// [L + 1]: where each list begins.
    let offsets: [UInt32]
  }

  /// Sorts rows by list; rows of the same list keep their order. Without lists it returns nil and changes nothing.
  ///
  /// An index that has lists keeps them, and new rows join them.
  ///
  /// The lists are trained on the decoded codes, and rows are assigned by them: the original vectors are gone.
  /// - Complexity: O(new rows × L × d), plus the training.
  mutating func list(_ live: inout [Int], _ codes: RowCodes) -> ListedRows? {
    let wanted = options.lists ?? CoarseQuantizer.defaultLists(rows: live.count)
    let count = min(wanted, live.count, CoarseQuantizer.maximumLists)
    if coarse == nil, count > 0 {
      coarse = CoarseQuantizer.train(
        rows: live.count, lists: count, dimension: options.dimension, seed: options.seed
      ) { [live] in codes.vector(live[$0]) }
    }
    guard let coarse else { return nil }
    let portion = 4096
    for first in stride(from: lists.count, to: codes.count, by: portion) {
      let vectors = (first..<min(first + portion, codes.count)).flatMap { codes.vector($0) }
      lists += coarse.assign(vectors)
    }
    // A stable counting sort.
    var offsets = [UInt32](repeating: 0, count: coarse.count + 1)
    for row in live { offsets[Int(lists[row]) + 1] += 1 }
    for list in 0..<coarse.count { offsets[list + 1] += offsets[list] }
    var next = offsets
    var ordered = live
    for row in live {
      ordered[Int(next[Int(lists[row])])] = row
      next[Int(lists[row])] += 1
    }
    live = ordered
    return ListedRows(quantizer: coarse, offsets: offsets)
  }

  static func add(_ listed: ListedRows, to writer: inout ContainerWriter) throws(ContainerError) {
    let quantizer = listed.quantizer
    try writer.add(
      IndexLayout.listCentroids, shape: [quantizer.count, quantizer.dimension / 2], elements: quantizer.codes)
    try writer.add(IndexLayout.listScales, shape: [quantizer.count], elements: quantizer.scales)
    try writer.add(IndexLayout.listOffsets, shape: [listed.offsets.count], elements: listed.offsets)
  }
}
