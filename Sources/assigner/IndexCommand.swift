// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System

/// `assigner index …`: builds and changes corpus indexes.
struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Build, change and describe indexes of tweets.",
    discussion: """
      A changed index is written to a new file, which then replaces the old one. If the change fails, the old index is \
      untouched; programs that use it keep their version. One program writes an index at a time; a second waits for up to \
      a minute.

      The default index is never changed. Without --index, the first "add" or "remove" copies it to \
      $XDG_DATA_HOME/assigner/assigner.index (~/.local/share without that variable). assigner changes and uses this copy \
      from then on, as long as it fits the model. Delete the copy to use the default index again.
      """,
    subcommands: [
      IndexBuild.self, IndexAdd.self, IndexRemove.self, IndexMerge.self, IndexUpgrade.self, IndexStats.self,
      IndexAuditCommand.self,
    ])
}

/// Calls `body` with each row of a file. A bad row is reported on stderr and skipped; with `strict` it is an error.
///
/// - Parameter body: returns whether to go on.
/// - Returns: the number of bad rows.
func forEachRow(_ path: String, strict: Bool, _ body: (CorpusRow, _ size: Int) throws -> Bool) throws -> Int {
  var file = try LineFile(path: path)
  var bad = 0
  if path == "-" { announceInput("rows, one a line,") }
  var isFirst = true
  let name = path == "-" ? "standard input" : path
  while let (number, line) = try file.next() {
    let message: String
    switch line {
    case .bytes([]): continue
    case .tooLong: message = "the line is longer than \(LineFile.limit) bytes"
    case .bytes(let bytes):
      if isFirst, let objection = InputLine.objection(toFileBeginning: bytes) { throw CorpusError("\(name): \(objection)") }
      isFirst = false
      let row: CorpusRow
      do {
        row = try CorpusRow(line: bytes)
      } catch {
        message = "\(error)"
        break
      }
      guard try body(row, bytes.count) else { return bad }
      continue
    }
    bad += 1
    if strict { throw CorpusError("\(name), line \(number): \(message)") }
    Descriptor.standardError.say("assigner: \(name), line \(number): \(message)\n")
  }
  return bad
}

/// Reads rows that must be in memory together: at most 256 MiB of lines, about two million tweets.
///
/// - Parameters:
///   - limit: the most rows to read.
///   - advice: what the error message tells a user to do with a larger file.
func readRows(_ path: String, strict: Bool, limit: Int = .max, advice: String) throws -> (rows: [CorpusRow], bad: Int) {
  let most = 256 << 20
  var rows: [CorpusRow] = []
  var held = 0
  let bad = try forEachRow(path, strict: strict) { row, size in
    held += size
    guard held <= most else { throw LargeInput(path: path, limit: most, advice: advice) }
    rows.append(row)
    return rows.count < limit
  }
  return (rows, bad)
}

/// The line on stderr that counts added, changed and skipped rows.
func summarise(_ report: IndexMaker.Report, bad: Int) -> String {
  var parts = ["\(report.added) tweets added", "\(report.newHashtags) hashtags embedded"]
  if report.withoutHashtag > 0 { parts.append("\(report.withoutHashtag) without a hashtag left out") }
  if report.withoutText > 0 { parts.append("\(report.withoutText) without text left out") }
  if report.changedHashtags > 0 { parts.append("\(report.changedHashtags) hashtags shortened or cleaned") }
  if let faults = report.faults.summary { parts.append(faults) }
  if bad > 0 { parts.append("\(bad) unreadable") }
  return parts.joined(separator: ", ")
}

/// Encodes rows and adds them to a builder. Shows a progress bar on stderr.
func addRows(
  _ rows: [CorpusRow], to builder: inout CorpusIndexBuilder, with maker: IndexMaker
) throws -> IndexMaker.Report {
  var bar = ProgressBar()
  defer { bar.finish() }
  return try maker.add(rows, to: &builder) { stage, done, total in
    bar.show(stage.rawValue, done: done, total: total)
  }
}

/// Encodes the rows of a file while reading it, and adds them to a builder. Shows a progress bar on stderr.
func addRows(
  of path: String, strict: Bool, to builder: inout CorpusIndexBuilder, with maker: IndexMaker
) throws -> (report: IndexMaker.Report, bad: Int) {
  var bar = ProgressBar()
  defer { bar.finish() }
  let show: IndexMaker.Progress = { stage, done, total in bar.show(stage.rawValue, done: done, total: total) }
  var intake = IndexMaker.Intake()
  let bad = try forEachRow(path, strict: strict) { row, _ in
    try maker.add(row, to: &builder, intake: &intake, progress: show)
    return true
  }
  return (try maker.finish(&intake, to: &builder, progress: show), bad)
}
