// SPDX-License-Identifier: Apache-2.0
/// How "[SEP]", "<mask>" and other special tokens that are spelled out in a text are treated.
package enum SpecialTokens: Sendable {
  /// As the tokens, as in Hugging Face's tokenizers.
  case recognized
  /// As ordinary text.
  case asText
}
