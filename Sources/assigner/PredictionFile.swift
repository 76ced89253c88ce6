// SPDX-License-Identifier: Apache-2.0

import LineProtocol
import ModelFile
import Recommender
import Text

/// A file of answers of any program, one line a tweet: what `assigner` prints as text or JSON, or `eval --predictions` writes.
///
/// A JSON line is {"hashtags": [...]} with objects that have a "tag", or strings, which may have several words.
enum PredictionFile {
  /// The most hashtags of a line that are read.
  private static let mostHashtags = 100

  /// The spellings of each line, best first.
  ///
  /// - Parameter count: the number of tweets that the file must answer.
  /// - Throws: `CorpusError` that names the line.
  static func read(_ path: String, count: Int) throws -> [[String]] {
    var file = try LineFile(path: path)
    var answers: [[String]] = []
    while let (number, line) = try file.next() {
      guard case .bytes(let bytes) = line else {
        throw CorpusError("\(path), line \(number): the line is longer than \(LineFile.limit) bytes")
      }
      guard answers.count < count else { throw CorpusError("\(path): has more lines than the \(count) rows of --input") }
      do {
        answers.append(Array(try hashtags(bytes).prefix(mostHashtags)))
      } catch {
        throw CorpusError("\(path), line \(number): \((error as? InputLineError)?.message ?? "\(error)")")
      }
    }
    guard answers.count == count else {
      throw CorpusError(
        "\(path): has \(answers.count) lines, but --input has \(count) rows; write one line a tweet, empty for none")
    }
    return answers
  }

  private static func hashtags(_ line: [UInt8]) throws -> [String] {
    switch try InputLine(line) {
    case .text(let text): return text.split(whereSeparator: \.isWhitespace).compactMap { HashtagText.cut(String($0)) }
    case .object(let object, _):
      guard case .array(let values) = object["hashtags"] ?? .null else { throw CorpusError("hashtags must be an array") }
      return try values.compactMap { value in
        guard case .string(let tag) = value["tag"] ?? value else {
          throw CorpusError("a hashtag is \(value.typeDescription), but must be a string or an object with a \"tag\"")
        }
        return HashtagText.cutPhrase(tag)
      }
    }
  }
}
