// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import Recommender

/// Which hashtags are recommended, and how many.
struct HashtagOptions: ParsableArguments {
  @Option(name: [.customShort("k"), .customLong("k")], help: ArgumentHelp("Hashtags for a tweet, at most.", valueName: "n"))
  var count = 5

  @Option(
    help: ArgumentHelp(
      """
      Leave out hashtags with a lower score, from 0 to 1; 0 always gives k (default: as many as let expect the best F1, by \
      their scores).
      """, valueName: "score"))
  var threshold: Double?

  @Option(help: ArgumentHelp("Never recommend the hashtags in this file, one a line.", valueName: "file"), completion: .file())
  var deny: String?

  @Option(help: ArgumentHelp("Recommend only the hashtags in this file, one a line.", valueName: "file"), completion: .file())
  var allow: String?

  func validate() throws {
    try checkRanges([("-k", count, 1...Request.maximumCount)])
    if let threshold, !(0...1).contains(threshold) { throw ValidationError("--threshold must be from 0 to 1.") }
  }

  func filter() throws -> HashtagFilter { HashtagFilter(deny: try list(deny), allow: try list(allow)) }

  private func list(_ path: String?) throws -> String? {
    guard let path else { return nil }
    if path == "-" { announceInput("hashtags, one a line,") }
    guard let text = String(validating: try LineFile(path: path).contents, as: UTF8.self) else {
      throw CorpusError("\(path): the list is not UTF-8")
    }
    return text
  }
}

/// Throws a usage error that names the first option whose value is out of its range.
func checkRanges(_ options: [(name: String, value: Int, range: ClosedRange<Int>)]) throws {
  for (name, value, range) in options where !range.contains(value) {
    throw ValidationError("\(name) must be from \(range.lowerBound) to \(range.upperBound).")
  }
}
