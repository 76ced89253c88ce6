// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension ContainerFile {
  /// Refuses a network that needs more scratch memory than a file of this size can justify. The metadata's sizes are held to
  /// the tensors' shapes one by one, but products of them are not: 4,096 tokens of 2 dimensions and a vocabulary of 16
  /// million pieces fit a file of 40 MB, and their products would take 256 GiB.
  ///
  /// BART-large takes 2 bytes for each byte of its file with 20 beams of 142 pieces, and 14 with 20 of 1,024.
  ///
  /// - Parameter bytes: of an arena for one thread.
  package func checkScratch(_ bytes: Int) throws(ContainerError) {
    let (justified, overflow) = fileSize.multipliedReportingOverflow(by: 16)
    let limit = overflow ? Int.max : max(justified, 512 << 20)
    guard bytes <= limit else {
      throw failure(
        .metadata("its networks need \(bytes >> 20) MiB to run; a file of its size may need \(limit >> 20) MiB"),
        section: "metadata")
    }
  }
}
