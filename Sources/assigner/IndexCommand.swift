// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System

/// `assigner index …`: making and changing corpus indexes.
struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Build, change and describe corpus indexes.",
    discussion: """
      A changed index is written beside the old one and renamed: whatever happens in between, the old one is still whole, \
      and programs that use it keep it. One program writes an index at a time; a second waits for up to a minute.

      Without --index, "add" and "remove" never change the default index, which a package or a checkout owns: the first change \
      makes a copy of your own, $XDG_DATA_HOME/assigner/assigner.index (~/.local/share without that variable). From then on it \
      is the one that is changed, and that assigner reads where it fits the model; remove it to have the default one again.
      """,
    subcommands: [IndexBuild.self, IndexAdd.self, IndexRemove.self, IndexMerge.self, IndexStats.self])
}

/// Hands over the rows of a file one by one; bad ones are reported and cost that row only, unless `strict`.
///
/// - Parameter body: says whether it wants more.
/// - Returns: how many were bad.
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

/// Rows that must be in memory together: at most 256 MiB of lines, some two million tweets.
///
/// - Parameters:
///   - limit: how many are wanted; what follows is not read.
///   - advice: what to do with a larger file.
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

/// Says on stderr what became of the rows.
func summarise(_ report: IndexMaker.Report, bad: Int) -> String {
  var parts = ["\(report.added) tweets added", "\(report.newHashtags) hashtags embedded"]
  if report.withoutHashtag > 0 { parts.append("\(report.withoutHashtag) left out for want of a hashtag") }
  if report.withoutText > 0 { parts.append("\(report.withoutText) left out for want of text") }
  if report.changedHashtags > 0 { parts.append("\(report.changedHashtags) hashtags cut to what a hashtag may have") }
  if bad > 0 { parts.append("\(bad) unreadable") }
  return parts.joined(separator: ", ")
}

/// Encodes rows into a builder with a progress bar on stderr.
func addRows(
  _ rows: [CorpusRow], to builder: inout CorpusIndexBuilder, with maker: IndexMaker
) throws -> IndexMaker.Report {
  var bar = ProgressBar()
  defer { bar.finish() }
  return try maker.add(rows, to: &builder) { stage, done, total in
    bar.show(stage.rawValue, done: done, total: total)
  }
}

/// The same for rows of a file, which are read as they are needed.
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
