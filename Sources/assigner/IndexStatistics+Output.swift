// SPDX-License-Identifier: Apache-2.0

import LineProtocol
import ModelFile
import Retrieval
import System

extension IndexStatistics {
  /// One figure per line, then the most frequent hashtags.
  var table: String {
    var lines = [
      ("tweets", "\(rows)"), ("hashtags", "\(hashtags)"), ("occurrences", "\(occurrences)"),
      ("normal form", "version \(normalForm)"),
      ("dimensions", "\(dimension)"), ("sub-quantisers", "\(subquantizers)"), ("file", "\(fileSize) bytes"),
      ("per tweet", "\(JSONText.decimal(bytesPerRow, places: 1)) bytes"),
      ("search reads", "\(codeBytes) bytes a tweet, \(rerankBytes) more for each re-ranked tweet"),
      (
        "cosine kept",
        "\(JSONText.decimal(reconstruction.coarse)) by the codes, \(JSONText.decimal(reconstruction.fine)) with the residual"
      ),
      ("lists", lists > 0 ? "\(lists)" : "none"), ("words", wordLine),
      ("text", keepsText ? "kept" : "not kept"), ("model", PrintableText.line(modelFingerprint)),
      ("made by", PrintableText.line(createdBy)),
    ].map { $0.0 + String(repeating: " ", count: 16 - $0.0.count) + $0.1 }
    lines += top.map { "#\(PrintableText.word($0.hashtag))\t\($0.rows)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private var wordLine: String {
    guard let words else { return "not indexed" }
    return "\(words.count) distinct, \(words.bytes) bytes of postings"
  }

  private var wordValue: JSONValue {
    guard let words else { return .null }
    return ["different": .integer(words.count), "postingBytes": .integer(words.bytes)]
  }

  var json: JSONValue {
    [
      "tweets": .integer(rows), "hashtags": .integer(hashtags), "occurrences": .integer(occurrences),
      "dimension": .integer(dimension), "subquantizers": .integer(subquantizers), "fileSize": .integer(fileSize),
      "bytesPerTweet": .number(bytesPerRow), "codeBytes": .integer(codeBytes), "rerankBytes": .integer(rerankBytes),
      "reconstruction": ["coarse": .number(reconstruction.coarse), "fine": .number(reconstruction.fine)],
      "keepsText": .bool(keepsText), "model": .string(modelFingerprint), "createdBy": .string(createdBy),
      "lists": .integer(lists), "words": wordValue, "normalForm": .integer(normalForm),
      "top": .array(top.map { ["hashtag": .string($0.hashtag), "tweets": .integer($0.rows)] }),
    ]
  }
}
