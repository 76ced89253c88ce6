// SPDX-License-Identifier: Apache-2.0
/// Errors while a network runs. Shapes are checked when it is opened and cannot be wrong here.
package enum TensorError: Error, Equatable, Sendable {
  /// This input needs more bytes than the arena was planned for.
  case arenaExhausted(requested: Int, available: Int)
  /// The embedding has no row for this token.
  case tokenOutOfRange(token: Int32, position: Int, rows: Int)
  /// The network takes neither so few nor so many tokens.
  case tokenCount(Int, allowed: ClosedRange<Int>)
  /// `ASSIGNER_ISA` names a set that cannot be used.
  case instructionSet(String)
}

extension TensorError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .arenaExhausted(let requested, let available):
      "scratch memory: \(requested) bytes needed, \(available) left of what was planned"
    case .tokenOutOfRange(let token, let position, let rows):
      "token \(token) at position \(position) is outside the vocabulary of \(rows)"
    case .tokenCount(let count, let allowed):
      "\(count) tokens; the network takes \(allowed.lowerBound) to \(allowed.upperBound)"
    case .instructionSet(let message): message
    }
  }
}
