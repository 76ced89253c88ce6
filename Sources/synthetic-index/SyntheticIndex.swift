// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Benchmark
import LineProtocol
import ModelFile
import Retrieval
import ProgramMain
import System

/// Makes an index of any size from an index of real tweets, to measure searches. Only Tools/peers and Tools/scaling use it.
@main
struct SyntheticIndex: ParsableCommand {
  static func main() { runProgram() }

  static let configuration = CommandConfiguration(
    commandName: "synthetic-index",
    abstract: "Make an index of random rows with the distribution of another index's embeddings.",
    discussion: """
      Rows are drawn one at a time, so that memory stays small, and not encoded from text. Row i has the hashtag \
      tag(i mod 1000) and the identifier i. Vector files hold little-endian float32, the truth file little-endian int32.
      """)

  @Option(help: ArgumentHelp("Index whose distribution of embeddings is used.", valueName: "file"), completion: .file())
  var index: String

  @Option(help: ArgumentHelp("Rows to draw.", valueName: "n"))
  var rows: Int

  @Option(help: ArgumentHelp("Lists to divide the rows into (default: by the number of rows).", valueName: "n"))
  var lists: Int?

  @Option(help: ArgumentHelp("4-bit codes per row (default: by the dimension).", valueName: "n"))
  var subquantizers: Int?

  @Option(help: ArgumentHelp("Seed of the rows.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(name: .shortAndLong, help: ArgumentHelp("Index file to write.", valueName: "file"), completion: .file())
  var output: String

  @Option(help: ArgumentHelp("Also write the vectors of the rows to this file.", valueName: "file"), completion: .file())
  var vectors: String?

  @Option(
    help: ArgumentHelp("Write queries from the same distribution to this file.", valueName: "file"), completion: .file())
  var queries: String?

  @Option(help: ArgumentHelp("Number of queries.", valueName: "n"))
  var queryCount = 200

  @Option(
    help: ArgumentHelp("Write the exact 10 nearest rows of each query to this file.", valueName: "file"), completion: .file())
  var truth: String?

  func validate() throws {
    if !(1...100_000_000).contains(rows) { throw ValidationError("--rows must be from 1 to 100000000.") }
    if !(1...100_000).contains(queryCount) { throw ValidationError("--query-count must be from 1 to 100000.") }
  }

  func run() throws {
    let real = try CorpusIndex(path: index)
    guard real.rowCount > 0 else { throw ValidationError("\(index) has no rows.") }
    func numbers(_ path: String?, rowsOf width: Int, besides others: KeyValuePairs<String, String?>) throws -> OutputFile? {
      try path.map { try OutputFile($0, as: .numbers(rowsOf: width), besides: others) }
    }
    let output = try OutputFile(output, as: .container(.index), besides: ["the --index": index])
    let vectors = try numbers(
      vectors, rowsOf: real.dimension, besides: ["the --index": index, "the --output": output.path])
    let queries = try numbers(
      queries, rowsOf: real.dimension,
      besides: ["the --index": index, "the --output": output.path, "the --vectors": self.vectors])
    let truth = try numbers(
      truth, rowsOf: 10,
      besides: [
        "the --index": index, "the --output": output.path, "the --vectors": self.vectors, "the --queries": self.queries,
      ])
    var drawn = SyntheticRows(index: real, seed: seed)
    let asked = (0..<queryCount).map { _ in drawn.next() }
    if let queries { try Self.write(asked.flatMap(\.self), to: queries) }
    var exact = truth.map { _ in ExactNeighbours(of: asked, count: 10) }
    let file = try vectors.map(AtomicFile.init)
    var builder = try CorpusIndexBuilder(
      IndexOptions(
        dimension: real.dimension, modelFingerprint: real.modelFingerprint, subquantizers: subquantizers,
        lists: lists))
    var bar = ProgressBar()
    for row in 0..<rows {
      let vector = drawn.next()
      exact?.add(vector)
      if let file { try file.append(Self.bytes(vector)) }
      let tag = "tag\(row % 1000)"
      try builder.add(
        IndexRow(vector: vector, hashtags: [HashtagForm(display: tag, normal: tag)]))
      if row.isMultiple(of: 1024) { bar.show("rows", done: row, total: rows) }
    }
    bar.finish()
    try file?.commit()
    for tag in builder.hashtagsWithoutEmbedding { try builder.setEmbedding(drawn.next(), of: tag) }
    if let truth, let exact { try Self.write(exact.found.flatMap { $0.map { Int32($0) } }, to: truth) }
    try builder.write(to: output)
  }

  private static func bytes<Number>(_ numbers: [Number]) -> [UInt8] { numbers.withUnsafeBytes { Array($0) } }

  private static func write<Number>(_ numbers: [Number], to output: OutputFile) throws {
    let file = try AtomicFile(output)
    try file.append(bytes(numbers))
    try file.commit()
  }
}
