// SPDX-License-Identifier: Apache-2.0

import Tensors

/// A network that generates a sequence for a source, one token after the other.
///
/// The result depends only on the source and the options, not on other sources, the arena or the thread.
package protocol AutoregressiveGenerator: Sendable {
  /// The longest source in tokens, special tokens included.
  var maximumTokens: Int { get }
  /// The decoding options that the checkpoint recommends.
  var defaults: BeamOptions { get }

  /// The best `options.sequences` sequences for one source, best first.
  ///
  /// Needs `scratch(options)` bytes of arena.
  /// - Throws: `TensorError` if the source is empty, too long or has tokens outside the vocabulary.
  func decode(source: [Int32], options: BeamOptions, arena: Arena) throws(TensorError) -> [DecodedSequence]

  /// Arena bytes that `decode` needs for the longest source.
  func scratch(_ options: BeamOptions) -> Int
}

extension AutoregressiveGenerator {
  /// Decodes several sources one after the other. The results are those of one `decode` call each.
  package func decode(
    sources: [[Int32]], options: BeamOptions, arena: Arena
  ) throws(TensorError) -> [[DecodedSequence]] {
    var found: [[DecodedSequence]] = []
    for source in sources { found.append(try decode(source: source, options: options, arena: arena)) }
    return found
  }
}
