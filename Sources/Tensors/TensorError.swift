// SPDX-License-Identifier: Apache-2.0
/// What can go wrong while a network runs. Shapes cannot: they are checked when it is opened.
package enum TensorError: Error, Equatable, Sendable {
  /// The arena was planned for less than this input needs. Bytes.
  case arenaExhausted(requested: Int, available: Int)
  /// A token that the embedding has no row for.
  case tokenOutOfRange(token: Int32, position: Int, rows: Int)
  /// More tokens, or fewer, than the network takes.
  case tokenCount(Int, allowed: ClosedRange<Int>)
  /// `ASSIGNER_ISA` cannot be obeyed.
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
