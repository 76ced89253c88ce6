// SPDX-License-Identifier: Apache-2.0

import Ranking

/// A hashtag that might be recommended.
package struct Candidate: Sendable {
  /// Where candidates come from.
  package enum Source: String, CaseIterable, Sendable {
    /// A retrieved tweet carries it.
    case retrieved
    /// The selector finds it likely, whether a retrieved tweet carries it or not.
    case selected
    /// It stands in the tweet as a word, or as words joined.
    case text
    /// The generator wrote it.
    case generated
    /// It was typed as a hashtag in the line.
    case typed
    /// Tweets of the stream carry it.
    case stream
  }

  /// Hashtag normal form.
  package let normal: String
  /// Its number in the index, nil for one the index does not know.
  package let hashtag: Int?
  /// The spelling shown.
  package var display: String
  /// In the order of `Source.allCases`.
  package var sources: [Source] { Source.allCases.filter { foundBy.contains($0) } }
  package var features = FeatureVector.unmeasured
  var foundBy: Set<Source> = []
  /// Its place among all that the generator wrote, over several sequences; nil where it did not.
  var writtenPlace: Int?
}
