// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import Recommender
import System

/// Options that choose which hashtags are recommended, and how many.
struct HashtagOptions: ParsableArguments {
  @Option(
    name: [.customShort("k"), .customLong("k")],
    help: ArgumentHelp("Maximum number of hashtags per tweet.", valueName: "n"))
  var count = 5

  @Option(
    help: ArgumentHelp(
      """
      Drop hashtags that score less than this, from 0 to 1; 0 always gives k hashtags (default: keep as many as have the \
      best expected F1).
      """, valueName: "score"))
  var threshold: Double?

  @Option(
    help: ArgumentHelp(
      "Never recommend the hashtags in this file. # followed by a space begins a comment.", valueName: "file"),
    completion: .file())
  var deny: String?

  @Option(
    help: ArgumentHelp("Recommend only the hashtags in this file, which has the format of --deny.", valueName: "file"),
    completion: .file())
  var allow: String?

  func validate() throws {
    try checkRanges([("-k", count, 1...Request.maximumCount)])
    if let threshold, !(0...1).contains(threshold) { throw ValidationError("--threshold must be from 0 to 1.") }
  }

  /// Reads both lists. Reports entries that are no hashtags on stderr.
  func filter() throws -> HashtagFilter {
    let (denied, allowed) = (try list(deny), try list(allow))
    if let allow, let allowed, allowed.hashtags.isEmpty {
      throw ValidationError("--allow \(PrintableText.line(allow)): the list has no hashtag, so nothing could be recommended.")
    }
    return HashtagFilter(deny: denied, allow: allowed)
  }

  private func list(_ path: String?) throws -> HashtagList? { try path.map(readHashtagList) }

  /// Refuses a list from standard input when the tweets or the other list come from there.
  func checkLists(inputIsStandard: Bool) throws {
    let lists = [("--deny", deny), ("--allow", allow)].filter { $0.1.map(Self.isStandardInput) ?? false }
    if let first = lists.first, inputIsStandard || lists.count > 1 {
      let other = inputIsStandard ? "the tweets" : "the list of --deny"
      throw ValidationError("\(first.0) cannot be read from standard input, which holds \(other): name a file.")
    }
  }

  /// Whether a path is one of the names of standard input.
  static func isStandardInput(_ path: String) -> Bool {
    ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].contains(path)
  }
}

/// Reads a list of hashtags. Reports entries that are no hashtags on stderr.
func readHashtagList(_ path: String) throws -> HashtagList {
  if path == "-" { announceInput("hashtags, one a line,") }
  guard let text = String(validating: try LineFile.contents(of: path, limit: 16 << 20), as: UTF8.self), !text.utf8.contains(0)
  else {
    throw CorpusError("\(path): the list is not UTF-8; if it is UTF-16, convert it with \"iconv -f UTF-16 -t UTF-8\"")
  }
  let list = HashtagList(text)
  for doubt in list.doubts.prefix(10) {
    Descriptor.standardError.say("assigner: \(path), line \(doubt.line): \(doubt.message)\n")
  }
  if list.doubts.count > 10 {
    Descriptor.standardError.say("assigner: \(path): \(list.doubts.count - 10) more like these\n")
  }
  return list
}

/// Throws a usage error for the first option whose value is out of range.
func checkRanges(_ options: [(name: String, value: Int, range: ClosedRange<Int>)]) throws {
  for (name, value, range) in options where !range.contains(value) {
    throw ValidationError("\(name) must be from \(range.lowerBound) to \(range.upperBound).")
  }
}
