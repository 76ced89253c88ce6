// SPDX-License-Identifier: Apache-2.0

import Learning
import Retrieval
import Text

extension IndexMaker {
  /// What became of a journal's tweets.
  package struct MergeReport: Equatable, Sendable {
    package var added = 0
    /// Tweets for an index that keeps text of which the journal has none.
    package var withoutText = 0
    package var newHashtags = 0
    /// Bytes at the journal's end that are no whole record.
    package var rest = 0
  }

  /// Adds the tweets that a journal has taught, by the index's own quantiser, with the embeddings of their hashtags.
  ///
  /// What hashtags a tweet has as words, too, is told from its text, and without it from the hashes of its words: then joins
  /// of several words are not counted.
  package func merge(_ journal: JournalBook, into builder: inout CorpusIndexBuilder) throws -> MergeReport {
    var report = MergeReport()
    var options = LearningOptions()
    options.rows = .max / 4
    var taught: [(lesson: Lesson, hashtags: [HashtagForm])] = []
    report.rest = try journal.read(options: options) { _, lesson, outcome in
      guard case .taught(let normals) = outcome, let vector = lesson.vector else { return }
      let forms = lesson.hashtags.map { HashtagForm(display: $0, normal: HashtagNormalForm.normalize($0)) }
        .filter { normals.contains($0.normal) }
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
        lesson.text.map { InTextCandidates.find(in: TweetNormalForm.normalize($0).text).map(\.normalForm) }
        ?? lesson.words.compactMap { normals[$0.hash] }
      builder.recordMentions(words: words, carried: forms.lazy.map(\.normal))
    }
    return report
  }
}
