// SPDX-License-Identifier: Apache-2.0

import Evaluation
import ModelFile
import Recommender
import System
import Tensors

extension Eval {
  /// Prints the measures of two files of answers to the rows of `--input`, with the interval of the difference.
  ///
  /// It needs no index, and the model only for BERTScore.
  func printComparison() throws {
    let (rows, _) = try readRows(input, strict: true, limit: limit ?? .max, advice: "take the first with --limit")
    guard !rows.isEmpty else { throw CorpusError("\(input): has no rows") }
    let (first, second) = (
      try PredictionFile.read(compare[0], count: rows.count), try PredictionFile.read(compare[1], count: rows.count)
    )
    let scorer = measures == .papers ? try SemanticScorer(model: model.open(mapping: !files.withoutMap)) : nil
    var judge = Judge(isASCII: asciiHashtags, scorer: scorer)
    for place in rows.indices { judge.note(rows[place].phrases + first[place] + second[place]) }
    let tweets = try rows.indices.map { place in
      let gold = rows[place].phrases
      return (
        first: try judge.judge(predicted: first[place], gold: gold), second: try judge.judge(predicted: second[place], gold: gold)
      )
    }
    let bootstrap = PairedBootstrap(
      measures.measures(hasEncoder: scorer != nil), tweets, resamples: resamples, seed: research.seed)
    let report = ComparisonReport(bootstrap: bootstrap, tweets: rows.count, seed: research.seed)
    try Descriptor.standardOutput.write(Array((json ? report.json.serialized(pretty: true) + "\n" : report.table).utf8))
  }
}

/// The figures of `eval --compare`.
struct ComparisonReport {
  let bootstrap: PairedBootstrap
  let tweets: Int
  let seed: UInt64

  var table: String {
    let header = ["", "A", "B", "B - A", "95 % of B - A"]
    let rows = bootstrap.rows.map { row in
      [
        row.name, number(row.first), number(row.second), signed(row.difference),
        "\(signed(row.interval.lowerBound)) to \(signed(row.interval.upperBound))\(row.isClear ? " *" : "")",
      ]
    }
    let name = rows.map(\.[0].count).max() ?? 0
    let lines = ([header] + rows).map { cells in
      let figures = cells[1...3].map { String(repeating: " ", count: max(0, 9 - $0.count)) + $0 }
      return cells[0] + String(repeating: " ", count: name - cells[0].count) + figures.joined() + "   " + cells[4] + "\n"
    }
    return lines.joined() + "\(tweets) tweets, \(bootstrap.resamples) resamples, seed \(seed); * marks intervals without 0\n"
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [:]
    for row in bootstrap.rows {
      members[row.name] = [
        "A": .number(row.first), "B": .number(row.second), "difference": .number(row.difference),
        "low": .number(row.interval.lowerBound), "high": .number(row.interval.upperBound),
      ]
    }
    return [
      "measures": .object(members), "tweets": .integer(tweets), "resamples": .integer(bootstrap.resamples),
      "seed": .integer(Int(clamping: seed)),
    ]
  }

  private func number(_ value: Double) -> String { JSONText.decimal(value, places: 2) }
  private func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + number(value) }
}
