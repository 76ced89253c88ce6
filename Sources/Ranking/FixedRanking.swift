// SPDX-License-Identifier: Apache-2.0
/// The default ranking for a model file without a learned one: a formula that is not fitted to data.
///
/// e = Σ s⁴ over the neighbours that carry the hashtag; t is the share of corpus tweets with the word that carry the hashtag
/// (0 if it is not in the text); g is the generator's mean probability (0 if not generated). Then
/// evidence = e + 2 t + g/2 and score = evidence / (1 + evidence), in [0, 1) and increasing in e, t and g.
enum FixedRanking {
  static func score(_ features: FeatureVector) -> Double {
    let evidence =
      max(0, features[.similaritySum]) + 2 * features[.inText] * features[.taggedRate]
      + 0.5 * features[.generatedMean]
    return evidence / (1 + evidence)
  }
}
