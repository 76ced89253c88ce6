// SPDX-License-Identifier: Apache-2.0

import Retrieval

extension IndexMaker {
  /// What an upgrade to this program's normal form of hashtags has changed.
  package struct UpgradeReport: Equatable, Sendable {
    /// Hashtags before and after.
    package var before: Int
    package var after: Int
    /// Tweets that are gone because no hashtag was left.
    package var removed: Int
    /// Hashtags that got a new embedding, because their normal form is another one.
    package var newHashtags: Int
  }

  /// A builder with the rows of an older index; see `CorpusIndexBuilder.init(upgrading:)`.
  package func upgrade(_ index: CorpusIndex) throws -> (builder: CorpusIndexBuilder, report: UpgradeReport) {
    var builder = try CorpusIndexBuilder(upgrading: index)
    let embedded = try embedHashtags(of: &builder) { _, _, _ in }
    let report = UpgradeReport(
      before: index.hashtagCount, after: builder.hashtagCount, removed: index.rowCount - builder.rowCount, newHashtags: embedded)
    return (builder, report)
  }
}
