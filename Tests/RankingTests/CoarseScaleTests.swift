// SPDX-License-Identifier: Apache-2.0

import Ranking
import Testing

@Suite struct CoarseScaleTests {
  @Test func halfOctavesRiseTwiceForEveryDoubling() {
    #expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16].map(CoarseScale.halfOctaves) == [0, 1, 3, 4, 5, 5, 6, 6, 7, 8, 9])
    for count in 1..<5000 {
      #expect(CoarseScale.halfOctaves(count) <= CoarseScale.halfOctaves(count + 1))
      #expect(CoarseScale.halfOctaves(2 * count) == CoarseScale.halfOctaves(count) + 2)
    }
    #expect(CoarseScale.halfOctaves(-1) == 0 && CoarseScale.halfOctaves(.max) == 1 + 2 * 62 + 1)
  }

  @Test func leadingBitsAreTheLowestOfTheirStep() {
    #expect([-3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 4211].map(CoarseScale.leadingBits) == [0, 0, 1, 2, 3, 4, 4, 6, 6, 8, 12, 4096])
    for count in 1..<5000 {
      let lowest = CoarseScale.leadingBits(count)
      #expect(CoarseScale.halfOctaves(lowest) == CoarseScale.halfOctaves(count))
      #expect(CoarseScale.halfOctaves(lowest - 1) < CoarseScale.halfOctaves(count))
    }
  }

  /// With exact counts, a fitted ranking recognised a tweet's own hashtags by the one missing tweet.
  @Test func leavingOneTweetOutOfManyIsNotSeen() {
    let seen = (100..<4000).count { CoarseScale.halfOctaves($0) != CoarseScale.halfOctaves($0 - 1) }
    #expect(seen <= 11)  // only at the borders of the steps
  }

  @Test func sharesAreMultiplesOfAThirtySecond() {
    #expect(CoarseScale.thirtySeconds(0.5) == 0.5 && CoarseScale.thirtySeconds(0.51) == 0.5)
    #expect(CoarseScale.thirtySeconds(0.52) == 17.0 / 32)
  }
}
