import Foundation
import Testing

@testable import Diffusion

@Suite("deterministic mathematics") struct DeterministicMathTests {
  @Test("agrees with the C library to the last few bits")
  func accuracy() {
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

  @Test("Philox gives the numbers of its authors' known-answer tests")
  func philox() {
    #expect(Philox(seed: 0)(0, 0, 0, 0) == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox(seed: .max)(.max, .max, .max, .max) == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox(seed: 0x299f_31d0_a409_3822)(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344)
        == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }
}
