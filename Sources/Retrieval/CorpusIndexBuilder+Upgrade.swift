// SPDX-License-Identifier: Apache-2.0
extension CorpusIndexBuilder {
  /// Starts from an index whose hashtags have the normal form of an older version: gives each the normal form of its displayed
  /// spelling.
  ///
  /// Hashtags that become equal become one, with the rows and statistics of all. A hashtag without a letter is removed, and so are rows
  /// that carried no other one. A hashtag whose normal form changes needs a new embedding (`hashtagsWithoutEmbedding`).
  package init(upgrading index: CorpusIndex, createdBy: String = "assigner") throws(RetrievalError) {
    try self.init(taking: index, createdBy: createdBy)
    var renewed = HashtagCatalog()
    let numbers = hashtags.entries.enumerated().map { number, entry in
      HashtagForm(spelling: index.displays[number]).map { UInt32(renewed.take(entry, as: $0)) }
    }
    hashtags = renewed
    for row in rows.indices { setHashtags(Set(rows[row].compactMap { numbers[Int($0)] }).sorted(), of: row) }
  }
}
