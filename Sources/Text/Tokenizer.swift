// SPDX-License-Identifier: Apache-2.0
/// A network's tokenizer, of any kind. It also knows how the network's family frames one text and a pair:
/// BERT [CLS] a [SEP] b [SEP], RoBERTa, BART and XLM-R <s> a </s></s> b </s>.
package enum Tokenizer: Sendable {
  case wordPiece(WordPiece)
  case byteLevelBPE(ByteLevelBPE)
  case unigram(Unigram)

  /// The number of tokens. A network needs an embedding for each.
  package var count: Int {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.count
    case .byteLevelBPE(let tokenizer): tokenizer.count
    case .unigram(let tokenizer): tokenizer.count
    }
  }

  /// Appends the tokens of `text` to `ids`, without a frame.
  package func encode(_ text: String, into ids: inout [Int32], specialTokens: SpecialTokens = .recognized) {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.encode(text, into: &ids, specialTokens: specialTokens)
    case .byteLevelBPE(let tokenizer): tokenizer.encode(text, into: &ids, specialTokens: specialTokens)
    case .unigram(let tokenizer): tokenizer.encode(text, into: &ids, specialTokens: specialTokens)
    }
  }

  /// The tokens of `text`, without a frame.
  package func encode(_ text: String, specialTokens: SpecialTokens = .recognized) -> [Int32] {
    var ids: [Int32] = []
    encode(text, into: &ids, specialTokens: specialTokens)
    return ids
  }

  /// The text of `ids`: exact for byte-level BPE, lossy for WordPiece and Unigram.
  package func decode(_ ids: some Sequence<Int32>, skippingSpecials: Bool = true) -> String {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.decode(ids, skippingSpecials: skippingSpecials)
    case .byteLevelBPE(let tokenizer): tokenizer.decode(ids, skippingSpecials: skippingSpecials)
    case .unigram(let tokenizer): tokenizer.decode(ids, skippingSpecials: skippingSpecials)
    }
  }

  /// The token as the vocabulary spells it, or nil if there is none.
  package func piece(_ number: Int32) -> String? {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.piece(number)
    case .byteLevelBPE(let tokenizer): tokenizer.piece(number)
    case .unigram(let tokenizer): tokenizer.piece(number)
    }
  }

  /// The numbers of the special tokens.
  private var specials: SpecialNumbers {
    switch self {
    case .wordPiece(let tokenizer): tokenizer.numbers
    case .byteLevelBPE(let tokenizer): tokenizer.settings.specials
    case .unigram(let tokenizer): tokenizer.settings.specials
    }
  }

  /// [CLS] or <s>.
  package var begin: Int32 { specials.begin }
  /// [SEP] or </s>.
  package var end: Int32 { specials.end }
  /// [PAD] or <pad>.
  package var padding: Int32 { specials.padding }
  /// [UNK] or <unk>.
  package var unknown: Int32 { specials.unknown }
  /// [MASK] or <mask>.
  package var mask: Int32? { specials.mask }

  /// The separator between the texts of a pair: [SEP], or </s></s>.
  package var pairSeparator: [Int32] {
    let count =
      switch self {
      case .wordPiece: 1
      case .byteLevelBPE(let tokenizer): tokenizer.settings.pairSeparators
      case .unigram(let tokenizer): tokenizer.settings.pairSeparators
      }
    return [Int32](repeating: end, count: count)
  }
}

extension Tokenizer {
  /// One text in its frame: at most `limit` tokens, frame included. A longer text is truncated at its end.
  package func framed(_ text: String, limit: Int) -> [Int32] {
    framed(encode(text), limit: limit)
  }

  /// Tokens in the frame of one text; see `framed(_:limit:)`.
  package func framed(_ tokens: [Int32], limit: Int) -> [Int32] {
    [begin] + tokens.prefix(max(0, limit - 2)) + [end]
  }

  /// A pair in its frame: at most `limit` tokens, frame included. If the pair is too long, the longer text is truncated first,
  /// then both equally (`longest_first` of Hugging Face).
  package func framed(_ first: [Int32], _ second: [Int32], limit: Int) -> [Int32] {
    let room = max(0, limit - 2 - pairSeparator.count)
    let shorter = min(first.count, second.count)
    var (less, more) = (shorter, max(shorter, room - shorter))
    if less > room { more = less }
    if less + more > room {
      less = room / 2
      more = less + room % 2
    }
    let isFirstShorter = first.count <= second.count
    return [begin] + first.prefix(isFirstShorter ? less : more) + pairSeparator
      + second.prefix(isFirstShorter ? more : less) + [end]
  }
}
