// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension CorpusIndex {
  /// What searching keeps in memory of an index file that has not been opened for searching yet.
  ///
  /// - Parameters:
  ///   - vectors: whether tweets are searched by embeddings.
  ///   - identifiers: whether rows are named.
  /// - Returns: bytes of the sections that are touched, those of the words once, as opening checks them; and bytes of the
  ///   strings once they are unpacked.
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
