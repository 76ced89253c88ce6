// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tensors
import Testing

@Suite struct DeterministicMathTests {
  @Test func mathAgreesWithTheCLibrary() {
    for x in stride(from: 1e-10, through: 1, by: 0.00037) {
      #expect(abs(DeterministicMath.log(x) - log(x)) <= 4e-16 * max(1, abs(log(x))) + 1e-16)
    }
    for x in stride(from: -30.0, through: 30, by: 0.0173) {
      #expect(abs(DeterministicMath.exp(x) / exp(x) - 1) < 2e-15)
    }
    for x in stride(from: -1000.0, through: 1000, by: 0.0931) {
      let (cosine, sine) = DeterministicMath.cosineAndSine(x)
      #expect(abs(cosine - cos(x)) < 1e-13 && abs(sine - sin(x)) < 1e-13)
    }
    for u in stride(from: 0.0, to: 1, by: 0.0007) {
      let (cosine, sine) = DeterministicMath.cosineAndSine(turns: u)
      #expect(abs(cosine - cos(2 * .pi * u)) < 1e-14 && abs(sine - sin(2 * .pi * u)) < 1e-14)
    }
  }
}
