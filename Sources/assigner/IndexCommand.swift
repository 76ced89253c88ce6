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
      and programs that use it keep it.
      """,
    subcommands: [IndexBuild.self, IndexAdd.self, IndexRemove.self, IndexMerge.self, IndexStats.self])
}

/// Rows of a file as the maker wants them; bad ones are reported and cost that row only, unless `strict`.
func readRows(_ path: String, strict: Bool, limit: Int? = nil) throws -> (rows: [CorpusRow], bad: Int) {
  var rows: [CorpusRow] = []
  var bad = 0
  if path == "-" { announceInput("rows, one a line,") }
  var isFirst = true
  let name = path == "-" ? "standard input" : path
  try LineFile(path: path).forEach { number, line in
    if let limit, rows.count >= limit { return }
    let message: String
    switch line {
    case .bytes([]): return
    case .tooLong: message = "the line is longer than \(LineFile.limit) bytes"
    case .bytes(let bytes):
      if isFirst, let objection = InputLine.objection(toFileBeginning: bytes) { throw CorpusError("\(name): \(objection)") }
      isFirst = false
      do {
        rows.append(try CorpusRow(line: bytes))
        return
      } catch {
        message = "\(error)"
      }
    }
    bad += 1
    if strict { throw CorpusError("\(name), line \(number): \(message)") }
    Descriptor.standardError.say("assigner: \(name), line \(number): \(message)\n")
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
