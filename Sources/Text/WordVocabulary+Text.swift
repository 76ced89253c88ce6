// SPDX-License-Identifier: Apache-2.0

extension WordVocabulary {
  /// The words of a tweet normal form, at most `limit` of them.
  ///
  /// What stands between spaces is a word if the vocabulary has it. Otherwise each run of word characters in it becomes a word, in
  /// lower case if the vocabulary has that; a number becomes "DIGIT" and a mention "MENTION", as in Microblog Hashtag Generation's
  /// data; a run of a script without spaces is segmented.
  package func words(of text: String, limit: Int) -> [String] {
    var words: [String] = []
    for part in text.split(separator: " ") where words.count < limit {
      let part = String(part)
      if number(of: part) != nil {
        words.append(part)
        continue
      }
      for run in WordRun.find(in: part, limit: limit - words.count) { append(run, to: &words) }
    }
    return words.count > limit ? Array(words.prefix(limit)) : words
  }

  private func append(_ run: WordRun, to words: inout [String]) {
    let word = String(run.text)
    let lower = word.lowercased()
    if run.isMention {
      words.append("MENTION")
    } else if number(of: word) != nil {
      words.append(word)
    } else if number(of: lower) != nil {
      words.append(lower)
    } else if run.isUnspaced {
      words += segments(of: UnspacedWord(Array(lower.utf8)))
    } else if word.unicodeScalars.allSatisfy({ ScalarCategories.shared.isDigit($0.value) }) {
      words.append("DIGIT")
    } else {
      words.append(lower)
    }
  }
}
