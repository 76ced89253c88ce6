// SPDX-License-Identifier: Apache-2.0
/// The ranking of a model file that has no learned one: a formula that was not fitted to anything.
///
/// With e = Σ s⁴ of the neighbours that carry the hashtag, t the share of corpus tweets with the word that carry the
/// hashtag (0 where it does not stand in the text) and g the generator's mean probability (0 where it did not write it):
/// evidence = e + 2 t + g/2, score = evidence / (1 + evidence). In [0, 1), ascending in each of the three.
enum FixedRanking {
  static func score(_ features: FeatureVector) -> Double {
    let evidence =
      max(0, features[.similaritySum]) + 2 * features[.inText] * features[.taggedRate]
      + 0.5 * features[.generatedMean]
    return evidence / (1 + evidence)
  }
}
