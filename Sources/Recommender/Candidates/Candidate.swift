// SPDX-License-Identifier: Apache-2.0

import Ranking

/// A hashtag that might be recommended.
package struct Candidate: Sendable {
  /// The sources of candidates.
  package enum Source: String, CaseIterable, Sendable {
    /// A retrieved tweet carries it.
    case retrieved
    /// The selector finds it likely, whether or not a retrieved tweet carries it.
    case selected
    /// The tweet contains it as a word or as joined words.
    case text
    /// A name of the tweet and a word that people join to names compose it.
    case composed
    /// The event card lets expect it.
    case event
    /// The generator wrote it.
    case generated
    /// The tweet contains it as a hashtag.
    case typed
    /// A tweet of the stream carries it.
    case stream
    /// A reply contains it, as a hashtag or as words.
    case conversation
  }

  /// The hashtag's normal form.
  package let normal: String
  /// The hashtag's number in the index; nil if the index does not have it.
  package let hashtag: Int?
  /// The displayed spelling.
  package var display: String
  /// In the order of `Source.allCases`.
  package var sources: [Source] { Source.allCases.filter(foundBy.contains) }
  package var features = FeatureVector.unmeasured
  var foundBy: SourceSet = []
  /// The place among all hashtags that the generator wrote, over all sequences; nil if it did not write this one.
  var writtenPlace: Int?
}
