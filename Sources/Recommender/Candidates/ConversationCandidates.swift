// SPDX-License-Identifier: Apache-2.0

import Text

/// The hashtags that are typed in replies, and the words of replies that tweets of the index carry as hashtags.
///
/// Replies are other people's words: they bring no hashtag that is neither typed nor known.
struct ConversationCandidates: CandidateExtractor {
  /// The most replies that are read, the most words of each, and the most typed hashtags: the cost of a line stays bounded.
  private static let replies = 20
  private static let words = 100
  private static let typed = 20

  func extract(into set: inout CandidateSet) {
    let replies = set.evidence.replies.prefix(Self.replies)
    let share = 1 / Double(max(1, replies.count))
    for reply in replies {
      var said: Set<String> = []
      for spelling in reply.hashtags.prefix(Self.typed) {
        let normal = HashtagNormalForm.normalize(spelling)
        guard said.insert(normal).inserted else { continue }
        set.add(normal, from: .conversation) { candidate in
          if candidate.hashtag == nil, candidate.foundBy == [.conversation] { candidate.display = spelling }
          candidate.features[.repliedTyped] += share
          candidate.features[.replied] += share
        }
      }
      let words = TweetWord.find(in: reply.text, limit: Self.words)
      for found in InTextCandidates.find(in: words, isKnown: { set.evidence.hashtag($0) != nil }) {
        guard !said.contains(found.normalForm), set.evidence.hashtag(found.normalForm) != nil else { continue }
        said.insert(found.normalForm)
        set.add(found.normalForm, from: .conversation) { $0.features[.replied] += share }
      }
    }
  }
}
