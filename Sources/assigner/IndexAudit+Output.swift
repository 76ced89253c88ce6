// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Recommender
import System

extension IndexAudit {
  /// The findings of an event by name, in the order in which they are printed.
  private static var kinds: [(name: String, findings: KeyPath<Event, [Finding]>)] {
    [("outdated", \.outdated), ("repeated", \.repeated), ("promotional", \.promotional), ("offensive", \.offensive)]
  }

  /// Examples of a finding in the table.
  private static let examples = 6

  /// One row for each event, then the findings of these events with examples, then what to do next.
  func table(top: Int, path: String) -> String {
    var lines = ["\(tweets) tweets, \(hashtags) hashtags, \(events.count { !$0.names.isEmpty }) events; \(times)"]
    let shown = events.prefix(top) + events.dropFirst(top).filter(\.names.isEmpty)
    var rows = [["tweets", "hashtags", "newest"] + Self.kinds.map(\.name) + ["once", "scripts", "event"]]
    rows += shown.map { event in
      [
        "\(event.tweets)", "\(event.hashtags)", event.newest.map { String(Timestamp.text($0).prefix(10)) } ?? "unknown",
      ] + Self.kinds.map { $0.name == "outdated" && !canAge(event) ? "unknown" : "\(event[keyPath: $0.findings].count)" }
        + ["\(event.once.count)", event.scriptNames, event.title]
    }
    lines += ["", Self.aligned(rows)]
    if shown.count < events.count { lines.append("\(events.count - shown.count) more events: --top") }
    lines += shown.flatMap(examples)
    lines += [
      "",
      """
      Next: assigner index remove --index \(PrintableText.line(path)) --hashtag TAG removes a hashtag from its tweets, and tweets \
      that have no other. --deny FILE keeps one from being recommended.
      """,
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func canAge(_ event: Event) -> Bool { event.isOver != nil || since != nil }

  private var times: String {
    guard let since else { return "their times are unknown" }
    let day = Timestamp.text(since).prefix(10)
    return timedTweets == 0
      ? "their times are unknown; years before \(day.prefix(4)) are outdated"
      : "\(timedTweets) tell their time; events without a tweet since \(day) are over"
  }

  private func examples(of event: Event) -> [String] {
    let lines = Self.kinds.compactMap { kind -> String? in
      let findings = event[keyPath: kind.findings]
      guard !findings.isEmpty else { return nil }
      let words = findings.prefix(Self.examples).map { finding in
        "#\(PrintableText.word(finding.hashtag)) (\(finding.tweets) \(finding.tweets == 1 ? "tweet" : "tweets"), \(finding.reason))"
      }
      return "  \(kind.name): \(words.joined(separator: ", "))\(findings.count > Self.examples ? ", ..." : "")"
    }
    return lines.isEmpty ? [] : ["", event.title] + lines
  }

  /// Columns as wide as their widest cell, numbers to the right; the last one as it is.
  private static func aligned(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.indices.map { column in
        column >= row.count - 2
          ? (column == row.count - 1 ? row[column] : row[column] + blanks(widths[column] - row[column].count))
          : blanks(widths[column] - row[column].count) + row[column]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  var json: JSONValue {
    [
      "tweets": .integer(tweets), "hashtags": .integer(hashtags), "timedTweets": .integer(timedTweets),
      "since": since.map { .string(Timestamp.text($0)) } ?? .null,
      "events": .array(
        events.map { event in
          var members: [String: JSONValue] = [
            "names": .array(event.names.map { .string($0) }), "tweets": .integer(event.tweets),
            "hashtags": .integer(event.hashtags), "newest": event.newest.map { .string(Timestamp.text($0)) } ?? .null,
            "over": event.isOver.map { .bool($0) } ?? .null,
            "scripts": .object(
              Dictionary(uniqueKeysWithValues: event.scripts.map { ($0.script.rawValue, .integer($0.hashtags)) })),
            "once": .array(event.once.map { .string($0) }),
          ]
          for kind in Self.kinds {
            members[kind.name] = .array(
              event[keyPath: kind.findings].map {
                ["hashtag": .string($0.hashtag), "tweets": .integer($0.tweets), "reason": .string($0.reason)]
              })
          }
          return .object(members)
        }),
    ]
  }
}

extension IndexAudit.Event {
  fileprivate var title: String {
    names.isEmpty ? "(no event)" : names.map { "#" + PrintableText.word($0) }.joined(separator: " ")
  }

  fileprivate var scriptNames: String {
    scripts.sorted { ($1.hashtags, $0.script.rawValue) < ($0.hashtags, $1.script.rawValue) }.prefix(3).map {
      "\($0.script.rawValue) \($0.hashtags)"
    }.joined(separator: ", ")
  }
}
