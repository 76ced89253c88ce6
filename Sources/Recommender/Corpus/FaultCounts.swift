// SPDX-License-Identifier: Apache-2.0

import Text

/// How many hashtags were left out of an index, by their fault.
package struct FaultCounts: Equatable, Sendable {
  package private(set) var letterless = 0
  package private(set) var mojibake = 0
  package private(set) var runTogether = 0

  package init() {}

  package var total: Int { letterless + mojibake + runTogether }

  /// The sound ones of `hashtags`, in order. Counts the others.
  package mutating func sound(_ hashtags: [String]) -> [String] {
    hashtags.filter { isSound($0) }
  }

  /// Whether a hashtag is sound. Counts it if not.
  package mutating func isSound(_ hashtag: String) -> Bool {
    switch HashtagFault.find(in: hashtag) {
    case nil: return true
    case .letterless: letterless += 1
    case .mojibake: mojibake += 1
    case .runTogether: runTogether += 1
    }
    return false
  }

  /// "5 hashtags left out (3 without a letter, 2 mojibake)"; nil if there are none.
  package var summary: String? {
    guard total > 0 else { return nil }
    let kinds = [(letterless, "without a letter"), (mojibake, "mojibake"), (runTogether, "run together")]
    let parts = kinds.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return "\(total) \(total == 1 ? "hashtag" : "hashtags") left out (\(parts.joined(separator: ", ")))"
  }
}
