// SPDX-License-Identifier: Apache-2.0

import Text

extension TweetEncoders {
  /// The largest share of unknown pieces in a text that the retriever can read.
  private static let mostUnknown = 0.25

  /// Whether the retriever knows the characters of a text. It is asked only of a text in a script without spaces between words: the
  /// vocabulary of an English encoder has a few hundred Han characters, so three quarters of a Chinese post are one and the same piece,
  /// and its vectors tell posts apart by what is left. Then words find better neighbours, and neither the selector nor a ranking that
  /// trusts it helps.
  ///
  /// Linear; a text of other scripts costs one look at each of its bytes.
  func canRead(_ text: String) -> Bool {
    guard TweetWords.areUnspaced(text) else { return true }
    let pieces = retrieverTokenizer.encode(text)
    return Double(pieces.count { $0 == retrieverTokenizer.unknown }) <= Self.mostUnknown * Double(pieces.count)
  }
}
