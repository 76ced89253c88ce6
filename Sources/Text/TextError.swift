// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Why a vocabulary cannot be used: the place (a line, counted from 1) and the rule it breaks.
package enum TextError: Error, Equatable, CustomStringConvertible {
  /// A piece that the vocabulary must have is not in it.
  case missingPiece(String)
  /// The same piece stands on two lines, so its number would not be certain.
  case repeatedPiece(String, line: Int, firstLine: Int)
  /// A piece of hashtags, line counted from 1, that no hashtag's normal form has.
  case oddPiece(String, line: Int)
  /// A line is not UTF-8.
  case notUTF8(line: Int)
  /// The first lines must be these pieces, in this order.
  case wrongStart(expected: [String])
  /// The stored pieces of a byte-level BPE are damaged, and the byte where that shows.
  case pieces(byte: Int, String)
  /// A merge, counted from 0, that cannot be.
  case merge(Int, String)
  /// A line of merges.txt, counted from 1 without empty ones, that is not two pieces.
  case mergeLine(Int)
  /// A piece of a vocab.json is empty, or its number is not one of 0 ..< count or another's too.
  case pieceNumber(String, count: Int)
  /// An added token that cannot be.
  case addedToken(String, String)
  /// A tokenizer's JSON has something that this program cannot do, or lacks something.
  case json(JSONError)
  /// A setting names a piece that is not there.
  case tokenNumber(String, Int32, count: Int)
  /// Two added tokens have one number.
  case repeatedAddedToken
  /// Neither BERT's form of a pair nor RoBERTa's.
  case pairSeparators(Int)
  /// More pieces, or merges, than any tokenizer has.
  case tooManyPieces(limit: Int)

  package var description: String {
    switch self {
    case .missingPiece(let piece): "vocabulary: the piece \(piece) is missing"
    case .repeatedPiece(let piece, let line, let firstLine):
      "vocabulary, line \(line): the piece \(piece) was on line \(firstLine) already"
    case .oddPiece(let piece, let line): "vocabulary, line \(line): \"\(piece)\" is no piece of a hashtag's normal form"
    case .notUTF8(let line): "vocabulary, line \(line): not UTF-8"
    case .wrongStart(let expected): "vocabulary, line 1: must begin with \(expected.joined(separator: ", "))"
    case .pieces(let byte, let what): "pieces, byte \(byte): \(what)"
    case .merge(let rank, let what): "merge \(rank): \(what)"
    case .mergeLine(let line): "merges, line \(line): is not two pieces with a space between them"
    case .pieceNumber(let piece, let count):
      "vocabulary: the number of \"\(piece)\" is not a piece's own of 0 to \(count - 1)"
    case .addedToken(let token, let what): "the added token \"\(token)\" \(what)"
    case .json(let error): "\(error)"
    case .tokenNumber(let setting, let number, let count):
      "\(setting): \(number) is not one of \(count) pieces"
    case .repeatedAddedToken: "addedTokens: two have the same number"
    case .pairSeparators(let count): "pairSeparators: is \(count), not 1 or 2"
    case .tooManyPieces(let limit): "vocabulary: has more than \(limit) pieces or merges"
    }
  }
}
