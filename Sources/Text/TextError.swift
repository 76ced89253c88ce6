// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Why a vocabulary or tokenizer is invalid: the place (lines counted from 1) and the rule that it breaks.
package enum TextError: Error, Equatable, CustomStringConvertible {
  /// The vocabulary lacks a required piece.
  case missingPiece(String)
  /// The same piece is on two lines, so its number is ambiguous.
  case repeatedPiece(String, line: Int, firstLine: Int)
  /// A piece of a generation vocabulary is empty or has a character outside [0-9a-z_].
  case oddPiece(String, line: Int)
  /// A line is not UTF-8.
  case notUTF8(line: Int)
  /// The first lines must be these pieces, in this order.
  case wrongStart(expected: [String])
  /// The stored pieces of a byte-level BPE are damaged at this byte.
  case pieces(byte: Int, String)
  /// A merge (index from 0) is invalid.
  case merge(Int, String)
  /// A line of merges.txt is not two pieces. Empty lines are not counted.
  case mergeLine(Int)
  /// A piece of a vocab.json is empty, or its number is outside 0 ..< count or used twice.
  case pieceNumber(String, count: Int)
  /// An added token is invalid.
  case addedToken(String, String)
  /// A tokenizer's JSON lacks a member or has a value that this program does not support.
  case json(JSONError)
  /// A setting names a piece that does not exist.
  case tokenNumber(String, Int32, count: Int)
  /// Two added tokens have the same number.
  case repeatedAddedToken
  /// The number of separators between the texts of a pair is neither BERT's nor RoBERTa's.
  case pairSeparators(Int)
  /// A precompiled charsmap is damaged, or not supported.
  case charsmap(String)
  /// The score of a piece is no finite number.
  case score(Int)
  /// A normaliser or another setting of a Unigram tokenizer is not supported.
  case unigram(String)
  /// A line of a word list is not a word, a tab and a count, or its first line is not the number of words that can be written.
  case wordLine(Int)
  /// There are more pieces or merges than any real tokenizer has.
  case tooManyPieces(limit: Int)

  package var description: String {
    switch self {
    case .missingPiece(let piece): "vocabulary: the piece \(piece) is missing"
    case .repeatedPiece(let piece, let line, let firstLine):
      "vocabulary, line \(line): the piece \(piece) is already on line \(firstLine)"
    case .oddPiece(let piece, let line): "vocabulary, line \(line): \"\(piece)\" must consist of [0-9a-z_]"
    case .notUTF8(let line): "vocabulary, line \(line): not UTF-8"
    case .wrongStart(let expected): "vocabulary, line 1: must begin with \(expected.joined(separator: ", "))"
    case .pieces(let byte, let what): "pieces, byte \(byte): \(what)"
    case .merge(let rank, let what): "merge \(rank): \(what)"
    case .mergeLine(let line): "merges, line \(line): must be two pieces separated by a space"
    case .pieceNumber(let piece, let count):
      "vocabulary: the piece \"\(piece)\" needs a number of its own from 0 to \(count - 1)"
    case .addedToken(let token, let what): "the added token \"\(token)\" \(what)"
    case .json(let error): "\(error)"
    case .tokenNumber(let setting, let number, let count):
      "\(setting): \(number) is not one of \(count) pieces"
    case .repeatedAddedToken: "addedTokens: two have the same number"
    case .pairSeparators(let count): "pairSeparators: is \(count), not 1 or 2"
    case .charsmap(let what): "charsmap: \(what)"
    case .score(let piece): "scores: that of piece \(piece) is not a finite number"
    case .unigram(let what): "\(what)"
    case .wordLine(let line):
      line == 1
        ? "words, line 1: must be the number of words that can be written"
        : "words, line \(line): must be a word, a tab and a count"
    case .tooManyPieces(let limit): "vocabulary: has more than \(limit) pieces or merges"
    }
  }
}
