// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import Recommender
import System

/// The option that says which disaster the tweets are about.
struct EventOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The disaster that all tweets are about, such as "Kerala floods 2018", or a file with such a text or with a card: \
      {"places": ["Kerala"], "hazard": "floods", "names": [], "year": 2018, "hashtags": ["KeralaFloods"]}, each member optional. \
      Its hashtags become candidates for every tweet.
      """, valueName: "text|file"), completion: .file())
  var event: String?

  /// Reads the card; nil without one.
  ///
  /// - Throws: `EventOptionError`, `SystemCallError`.
  func card() throws -> EventCard? {
    guard let event else { return nil }
    let isFile = SystemCalls.isReadable(event) || [".json", ".txt"].contains { event.hasSuffix($0) } || event.hasPrefix("/")
    let bytes = isFile ? try LineFile.contents(of: event, limit: 1 << 20) : Array(event.utf8)
    do {
      return try EventCard(bytes)
    } catch {
      throw EventOptionError(path: isFile ? event : nil, error: error)
    }
  }
}

/// The card of `--event` is invalid.
struct EventOptionError: Error, CustomStringConvertible {
  /// Nil for a card on the command line.
  let path: String?
  let error: EventCardError

  var description: String { "--event" + (path.map { " \(PrintableText.line($0))" } ?? "") + ": \(error)" }
}
