// SPDX-License-Identifier: Apache-2.0

import Evaluation
import LineProtocol
import ModelFile
import Ranking
import Recommender
import Retrieval
import System
import Text

/// The figures that `eval` prints.
struct Figures {
  let scores: [(name: String, value: Double)]
  /// Percentage of all gold hashtags that the retrieved tweets carry.
  let poolRecall: Double
  /// Percentage of recommended hashtags among the gold hashtags that are not in the index.
  let unseenRecall: Double
  /// Nil without `--reliability`.
  let reliability: ReliabilityTable?
  let count: Int
  let seconds: Double
  let threads: Int
  /// Bytes.
  let peakMemory: Int

  private var rate: Double { seconds > 0 ? Double(count) / seconds : 0 }

  var table: String {
    var lines = scores.map { ($0.name, JSONText.decimal($0.value, places: 2)) }
    lines.append(("pool recall", JSONText.decimal(poolRecall, places: 2)))
    lines.append(("unseen recall", JSONText.decimal(unseenRecall, places: 2)))
    lines.append(("tweets", "\(count)"))
    lines.append(("tweets/s", JSONText.decimal(rate, places: 1)))
    lines.append(("threads", "\(threads)"))
    lines.append(("peak memory", "\(JSONText.decimal(Double(peakMemory) / 1_048_576, places: 1)) MiB"))
    for bin in reliability?.bins ?? [] {
      let (lower, upper) = (JSONText.decimal(bin.lower, places: 1), JSONText.decimal(bin.upper, places: 1))
      let (mean, right) = (JSONText.decimal(bin.meanScore, places: 3), JSONText.decimal(bin.hitRate, places: 3))
      lines.append(("score \(lower)-\(upper)", "\(bin.count) hashtags, mean \(mean), right \(right)"))
    }
    let width = max(14, (lines.map(\.0.count).max() ?? 0) + 2)
    return lines.map { $0.0 + String(repeating: " ", count: width - $0.0.count) + $0.1 + "\n" }.joined()
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [:]
    for (name, value) in scores { members[name] = .number(value) }
    members["poolRecall"] = .number(poolRecall)
    members["unseenRecall"] = .number(unseenRecall)
    members["tweets"] = .integer(count)
    members["tweetsPerSecond"] = .number(rate)
    members["seconds"] = .number(seconds)
    members["threads"] = .integer(threads)
    members["peakMemory"] = .integer(peakMemory)
    if let reliability {
      members["reliability"] = .array(
        reliability.bins.map { bin in
          [
            "lower": .number(bin.lower), "upper": .number(bin.upper), "hashtags": .integer(bin.count),
            "meanScore": .number(bin.meanScore), "right": .number(bin.hitRate),
          ]
        })
    }
    return .object(members)
  }
}

/// A file that is written in large pieces, and that replaces its target when `finish` is called.
final class BufferedFile {
  private let file: AtomicFile
  private var buffer: [UInt8] = []

  init(_ output: OutputFile) throws { file = try AtomicFile(output) }

  func write(_ bytes: some Sequence<UInt8>) throws {
    buffer += bytes
    if buffer.count > 1 << 16 { try flush() }
  }

  func finish() throws {
    try flush()
    try file.commit()
  }

  private func flush() throws {
    try file.append(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}

/// The file of `--predictions`: answers as `--format json` writes them, one per line.
struct AnswerFile {
  static let kind = OutputFile.Kind.lines(
    "a file of answers", beginningWith: #"{"hashtags":[{"tag":"#, #"{"hashtags":[]}"#, #"{"hashtags":[],"budget":"#)
  private let file: BufferedFile

  init(_ output: OutputFile) throws { file = try BufferedFile(output) }

  func add(_ recommendation: Recommendation, index: CorpusIndex) throws {
    let answer = try Answer(recommendation, explain: false, index: index)
    try file.write(AnswerFormat.json.line(answer, id: nil, explain: false))
  }

  func finish() throws { try file.finish() }
}

/// The file of `--features`: a header line with the names of the features, then one JSON object per candidate. Each object
/// has the row ("query"), the hashtag's normal form ("tag"), its features, whether it is correct ("label"), and the number of
/// all gold hashtags of the tweet ("gold").
struct FeatureFile {
  static let kind = OutputFile.Kind.lines("a file of features", beginningWith: #"{"features":["#)
  private let file: BufferedFile
  private let features: [Feature]

  /// - Parameter learns: whether the features of the learned stream are also written.
  init(_ output: OutputFile, learns: Bool) throws {
    file = try BufferedFile(output)
    features = learns ? Feature.allCases : Feature.withoutStream
    let names = features.map { JSONText.string($0.rawValue) }.joined(separator: ",")
    try file.write("{\"features\":[\(names)]}\n".utf8)
  }

  func add(_ recommendation: Recommendation, query: Int, gold: [String]) throws {
    let gold = Set(gold.map(HashtagNormalForm.normalize).filter { !$0.isEmpty })
    for candidate in recommendation.candidates {
      let values = features.map { candidate.features[$0] }.map { $0.rounded() == $0 && abs($0) < 1e9 ? "\(Int($0))" : "\($0)" }
      let label = gold.contains(candidate.normal) ? 1 : 0
      try file.write(
        "{\"query\":\(query),\"tag\":\(JSONText.string(candidate.normal)),\"features\":[\(values.joined(separator: ","))],\"label\":\(label),\"gold\":\(gold.count)}\n"
          .utf8)
    }
  }

  func finish() throws { try file.finish() }
}
