// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension ContainerFile {
  /// Rejects a network that needs more scratch memory than its file's size justifies.
  ///
  /// Each size in the metadata is checked against the shapes of tensors, but products of sizes are not: 4,096 tokens of 2
  /// dimensions and a vocabulary of 16 million pieces fit a file of 40 MB, and their products would take 256 GiB.
  ///
  /// For each byte of its file, BART-large takes 2 bytes with 20 beams of 142 pieces, and 14 with 20 beams of 1,024.
  ///
  /// - Parameter bytes: the size of one thread's arena.
  package func checkScratch(_ bytes: Int) throws(ContainerError) {
    let (justified, overflow) = fileSize.multipliedReportingOverflow(by: 16)
    let limit = overflow ? Int.max : max(justified, 512 << 20)
    guard bytes <= limit else {
      throw failure(
        .metadata("its networks need \(bytes >> 20) MiB to run; a file of this size may need at most \(limit >> 20) MiB"),
        section: "metadata")
    }
  }
}
