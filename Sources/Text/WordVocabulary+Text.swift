// SPDX-License-Identifier: Apache-2.0

extension WordVocabulary {
  /// The words of a tweet normal form, at most `limit` of them.
  ///
  /// What stands between spaces is a word if the vocabulary has it. Otherwise each run of word characters in it becomes a word, in
  /// lower case if the vocabulary has that; a number becomes "DIGIT" and a mention "MENTION", as in Microblog Hashtag Generation's
  /// data. A run of a script without spaces is segmented, unless the text has spaces between its words: then it is a word that the
  /// vocabulary lacks, as in training. A text has them if the vocabulary has half of what they divide.
  package func words(of text: String, limit: Int) -> [String] {
    let parts = text.split(separator: " ").map(String.init)
    let isSpaced = parts.count { number(of: $0) != nil } * 2 >= parts.count
    var words: [String] = []
    for part in parts where words.count < limit {
      if number(of: part) != nil {
        words.append(part)
        continue
      }
      for run in WordRun.find(in: part, limit: limit - words.count) { append(run, isSegmented: !isSpaced, to: &words) }
    }
    return words.count > limit ? Array(words.prefix(limit)) : words
  }

  private func append(_ run: WordRun, isSegmented: Bool, to words: inout [String]) {
    let word = String(run.text)
    let lower = word.lowercased()
    if run.isMention {
      words.append("MENTION")
    } else if number(of: word) != nil {
      words.append(word)
    } else if number(of: lower) != nil {
      words.append(lower)
    } else if run.isUnspaced, isSegmented {
      words += segments(of: UnspacedWord(Array(lower.utf8)))
    } else if word.unicodeScalars.allSatisfy({ ScalarCategories.shared.isDigit($0.value) }) {
      words.append("DIGIT")
    } else {
      words.append(lower)
    }
  }
}
