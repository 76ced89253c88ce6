// SPDX-License-Identifier: Apache-2.0
/// The sources that have found a candidate, one bit each. A `Set` would cost every candidate an allocation.
struct SourceSet: Equatable, Sendable, ExpressibleByArrayLiteral {
  private var bits: UInt16 = 0

  init(arrayLiteral sources: Candidate.Source...) {
    for source in sources { insert(source) }
  }

  func contains(_ source: Candidate.Source) -> Bool { bits & Self.bit(source) != 0 }

  func isSubset(of other: SourceSet) -> Bool { bits & ~other.bits == 0 }

  mutating func insert(_ source: Candidate.Source) { bits |= Self.bit(source) }

  private static func bit(_ source: Candidate.Source) -> UInt16 {
    switch source {
    case .retrieved: 1
    case .selected: 2
    case .text: 4
    case .composed: 8
    case .event: 16
    case .generated: 32
    case .typed: 64
    case .stream: 128
    case .conversation: 256
    }
  }
}
