// SPDX-License-Identifier: Apache-2.0

import Decoding
import Tensors

extension DecodedSequence {
  /// The probability of each token, given the tokens before it.
  var probabilities: [Double] { logProbabilities.map(Self.probability) }

  static func probability(ofLogarithm value: Float) -> Double {
    value > -700 ? DeterministicMath.exp(Double(value)) : 0
  }
}
