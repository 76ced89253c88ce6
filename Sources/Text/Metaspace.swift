// SPDX-License-Identifier: Apache-2.0
/// How a Unigram tokenizer marks spaces and splits a text: the pre-tokenizer "Metaspace" of `tokenizers`, after "WhitespaceSplit"
/// or alone.
struct Metaspace: Sendable, Equatable {
  /// Where a mark is put before a part that does not begin with one.
  enum Prefix: String, Sendable, CaseIterable {
    case always, never
    /// Only before parts that come from the beginning of the text.
    case first
  }

  /// The UTF-8 of the scalar that stands for a space, "▁".
  var mark: [UInt8] = [0xE2, 0x96, 0x81]
  var prefix = Prefix.always
  /// Whether each mark begins a part of its own, which no piece crosses.
  var splits = true
  /// Whether white space separates parts first, and is lost.
  var dropsWhiteSpace = false
}
