// SPDX-License-Identifier: Apache-2.0

import Tensors

/// A network that writes a sequence for a source by itself, one token after the other.
///
/// A source's answer depends on nothing but the source and the options: not on other sources, the arena or the thread.
package protocol AutoregressiveGenerator: Sendable {
  /// Longest source, specials included.
  var maximumTokens: Int { get }
  /// How the network is meant to be decoded, as far as its checkpoint says.
  var defaults: BeamOptions { get }

  /// The best sequences for one source, best first; `options.sequences` of them.
  ///
  /// Needs `scratch(options)` bytes of arena.
  /// - Throws: `TensorError` for a source that is empty, too long or has tokens outside the vocabulary.
  func decode(source: [Int32], options: BeamOptions, arena: Arena) throws(TensorError) -> [DecodedSequence]

  /// Arena bytes that `decode` needs for the longest source.
  func scratch(_ options: BeamOptions) -> Int
}

extension AutoregressiveGenerator {
  /// Several sources one after the other: what one `decode` each gives.
  package func decode(
    sources: [[Int32]], options: BeamOptions, arena: Arena
  ) throws(TensorError) -> [[DecodedSequence]] {
    var found: [[DecodedSequence]] = []
    for source in sources { found.append(try decode(source: source, options: options, arena: arena)) }
    return found
  }
}
