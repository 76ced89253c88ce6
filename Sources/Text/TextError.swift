/// Why a vocabulary cannot be used: the place (a line, counted from 1) and the rule it breaks.
public enum TextError: Error, Equatable, CustomStringConvertible {
  /// A piece that the vocabulary must have is not in it.
  case missingPiece(String)
  /// The same piece stands on two lines, so its number would not be certain.
  case repeatedPiece(String, line: Int, firstLine: Int)
  /// A line is not UTF-8.
  case notUTF8(line: Int)
  /// The first lines must be these pieces, in this order.
  case wrongStart(expected: [String])
  /// More lines than a token number can count.
  case tooManyPieces(Int)

  public var description: String {
    switch self {
    case .missingPiece(let piece): "vocabulary: the piece \(piece) is missing"
    case .repeatedPiece(let piece, let line, let firstLine):
      "vocabulary, line \(line): the piece \(piece) was on line \(firstLine) already"
    case .notUTF8(let line): "vocabulary, line \(line): not UTF-8"
    case .wrongStart(let expected): "vocabulary, line 1: must begin with \(expected.joined(separator: ", "))"
    case .tooManyPieces(let count): "vocabulary: \(count) pieces are more than can be numbered"
    }
  }
}
