// SPDX-License-Identifier: Apache-2.0

import Learning
import Retrieval
import Text

extension IndexMaker {
  /// The counts of merged and skipped tweets of a journal.
  package struct MergeReport: Equatable, Sendable {
    package var added = 0
    /// Tweets without text in the journal, skipped because the index keeps text.
    package var withoutText = 0
    package var newHashtags = 0
    /// Hashtags that were left out because of a fault. A tweet without any other is not added.
    package var faults = FaultCounts()
    /// Bytes of an incomplete record at the end of the journal.
    package var rest = 0
  }

  /// Adds the tweets that a journal holds, encoded with the index's quantiser, and the embeddings of their hashtags.
  ///
  /// Hashtags that occur as words of a tweet are found in its text. Without the text they are found by the hashes of its
  /// words, which misses joined words.
  package func merge(_ journal: JournalBook, into builder: inout CorpusIndexBuilder) throws -> MergeReport {
    var report = MergeReport()
    var options = LearningOptions()
    options.rows = .max / 4
    var taught: [(lesson: Lesson, hashtags: [HashtagForm])] = []
    report.rest = try journal.read(options: options) { _, lesson, outcome in
      guard case .taught(let normals) = outcome, let vector = lesson.vector else { return }
      let forms = lesson.hashtags.compactMap(HashtagForm.init(spelling:))
        .filter { normals.contains($0.normal) && report.faults.isSound($0.display) }
      if forms.isEmpty { return }
      if builder.keepsText, lesson.text == nil {
        report.withoutText += 1
        return
      }
      var row = IndexRow(identifier: lesson.identifier, vector: vector.vector, hashtags: forms, text: lesson.text)
      row.countedWords = lesson.words.map { RowWord(hash: $0.hash, frequency: Int($0.frequency)) }
      if try builder.add(row) {
        report.added += 1
        taught.append((lesson, forms))
      }
    }.rest
    report.newHashtags = try embedHashtags(of: &builder) { _, _, _ in }
    let normals = builder.normalsByHash
    for (lesson, forms) in taught {
      let words =
        lesson.text.map { text in
          InTextCandidates.find(in: TweetNormalForm.normalize(text).text) { builder.contains(hashtag: $0) }.map(\.normalForm)
        }
        ?? lesson.words.compactMap { normals[$0.hash] }
      builder.recordMentions(words: words, carried: forms.lazy.map(\.normal))
    }
    return report
  }
}
