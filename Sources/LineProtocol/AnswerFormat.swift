// SPDX-License-Identifier: Apache-2.0

import ModelFile
import System

/// The output format. An answer is always exactly one line, whatever characters a hashtag contains (``PrintableText``).
/// Only an id is copied byte for byte from the input line.
package enum AnswerFormat: String, CaseIterable, Sendable {
  /// `#KeralaFloods #Kerala`, best first.
  case text
  /// Hashtags and scores in turn, separated by tabs.
  case tsv
  /// An object with the id and the hashtags, each with its score and sources.
  case json

  /// The line for an answer, including its newline.
  package func line(_ answer: Answer, id: [UInt8]?, explain: Bool) -> [UInt8] {
    var line: [UInt8] = []
    switch self {
    case .text: line += answer.hashtags.map { "#" + PrintableText.word($0.tag) }.joined(separator: " ").utf8
    case .tsv:
      line += answer.hashtags.map { "\(PrintableText.word($0.tag))\t\(JSONText.decimal($0.score))" }.joined(separator: "\t").utf8
    case .json: writeObject(answer, id: id, explain: explain, into: &line)
    }
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// The line for an invalid input line: empty, or in JSON an object that says why.
  package func line(_ fault: LineFault) -> [UInt8] {
    guard self == .json else { return [UInt8(ascii: "\n")] }
    var line: [UInt8] = [UInt8(ascii: "{")]
    writeID(fault.id, into: &line)
    line += "\"error\":{\"code\":\(JSONText.string(fault.code.rawValue)),".utf8
    line += "\"message\":\(JSONText.string(fault.message))}}\n".utf8
    return line
  }

  private func writeID(_ id: [UInt8]?, into line: inout [UInt8]) {
    guard let id else { return }
    line += "\"id\":".utf8
    line += id
    line.append(UInt8(ascii: ","))
  }

  private func writeObject(_ answer: Answer, id: [UInt8]?, explain: Bool, into line: inout [UInt8]) {
    line.append(UInt8(ascii: "{"))
    writeID(id, into: &line)
    let tags = answer.hashtags.map { hashtag in
      let from = hashtag.from.map(JSONText.string).joined(separator: ",")
      var text = "{\"tag\":\(JSONText.string(hashtag.tag)),\"score\":\(JSONText.decimal(hashtag.score)),\"from\":[\(from)]"
      if explain {
        let features = hashtag.features.map { "\(JSONText.string($0.name)):\(JSONText.decimal($0.value))" }
        text += ",\"features\":{\(features.joined(separator: ","))}"
      }
      return text + "}"
    }
    line += "\"hashtags\":[\(tags.joined(separator: ","))]".utf8
    if let budget = answer.budget {
      let steps = budget.steps.map { "\"steps\":\($0)," } ?? ""
      let (limit, taken) = (JSONText.decimal(budget.milliseconds, places: 1), JSONText.decimal(budget.taken, places: 1))
      line += ",\"budget\":{\"ms\":\(limit),\"took_ms\":\(taken),\(steps)\"candidates\":\(budget.candidates)}".utf8
    }
    if explain {
      let neighbours = answer.neighbours.map { neighbour in
        let tags = neighbour.hashtags.map(JSONText.string).joined(separator: ",")
        return "{\"id\":\(JSONText.string(neighbour.id)),\"similarity\":\(JSONText.decimal(neighbour.similarity)),"
          + "\"hashtags\":[\(tags)]}"
      }
      line += ",\"neighbours\":[\(neighbours.joined(separator: ","))]".utf8
    }
    line.append(UInt8(ascii: "}"))
  }
}
