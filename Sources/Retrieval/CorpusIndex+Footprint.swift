// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension CorpusIndex {
  /// The memory that searching an index file takes, computed before the file is opened for searching.
  ///
  /// - Parameters:
  ///   - vectors: whether the search uses embeddings.
  ///   - identifiers: whether answers name rows.
  /// - Returns: the bytes of the sections that a search reads (opening the index reads the word sections once, to check
  ///   them), and the bytes of the unpacked strings.
  package static func footprint(
    of file: ContainerFile, vectors: Bool, identifiers: Bool
  ) -> (touched: Int, unpacked: Int) {
    var unused = [IndexLayout.text]
    if !vectors { unused += [IndexLayout.codes, IndexLayout.residuals] }
    if !identifiers { unused.append(IndexLayout.identifiers) }
    let used = file.sections.filter { !unused.contains($0.name) }
    return (used.reduce(0) { $0 + $1.storedSize }, used.filter(\.isCompressed).reduce(0) { $0 + $1.size })
  }
}
