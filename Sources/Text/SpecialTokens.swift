// SPDX-License-Identifier: Apache-2.0
/// What becomes of "[SEP]", "<mask>" and the other specials when a text spells them out.
package enum SpecialTokens: Sendable {
  /// They are the tokens, as in Hugging Face's tokenizers.
  case recognized
  /// They are text like any other.
  case asText
}
