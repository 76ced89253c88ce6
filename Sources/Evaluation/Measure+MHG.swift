// SPDX-License-Identifier: Apache-2.0

extension [Measure] {
  /// The measures of Microblog Hashtag Generation (Table 4): F1@1, F1@5 and MAP of whole hashtags, and ROUGE F of the words of the
  /// first hashtag, all with Porter's stemmer.
  ///
  /// F1@k is that of the whole corpus, as in the authors' program; the paper does not say. MAP is that of Manning et al. (2008),
  /// which the paper cites, over the first five predictions. The authors' program divides it by the hits once more, which lowers it
  /// for tweets with several correct predictions. ROUGE is the mean over the tweet's gold hashtags, as in the paper. Each Han
  /// character is a word.
  static let microblogHashtagGeneration: [Measure] = [
    .corpusF1("MHG F1@1", at: 1) { $0.stemmedHits(1) },
    .corpusF1("MHG F1@5", at: 5) { $0.stemmedHits(5) },
    .mean("MHG MAP") { tweet in
      let gold = Set(tweet.gold.map(\.stemmed))
      var (hits, total) = (0, 0.0)
      for (place, hashtag) in tweet.predicted.prefix(5).enumerated() where gold.contains(hashtag.stemmed) {
        hits += 1
        total += Double(hits) / Double(place + 1)
      }
      return tweet.gold.isEmpty ? 0 : total / Double(tweet.gold.count)
    },
    .mean("MHG ROUGE-1") { $0.meanOfFirst { ROUGE.ngrams($0, 1) } },
    .mean("MHG ROUGE-SU4") { $0.meanOfFirst(ROUGE.skipBigrams) },
  ]
}

extension JudgedHashtag {
  /// The hashtag with the end of its last word taken off, as the authors' program compares them.
  fileprivate var stemmed: String { PorterStemmer.stem(words.joined(separator: " ")) }

  /// The words as ROUGE-1.5.5 stems them: those of more than three letters.
  fileprivate var stems: [String] { words.map { $0.utf8.count > 3 ? PorterStemmer.stem($0) : $0 } }
}

extension JudgedTweet {
  /// The gold hashtags among the first k predictions.
  fileprivate func stemmedHits(_ k: Int) -> Int {
    let top = Set(predicted.prefix(k).map(\.stemmed))
    return gold.count { top.contains($0.stemmed) }
  }

  /// The mean F of the first prediction over the gold hashtags.
  fileprivate func meanOfFirst(_ units: ([String]) -> [ROUGE.Unit: Int]) -> Double {
    guard let first = predicted.first, !gold.isEmpty else { return 0 }
    let found = units(first.stems)
    return gold.reduce(0) { $0 + ROUGE.f(found, units($1.stems)) } / Double(gold.count)
  }
}
