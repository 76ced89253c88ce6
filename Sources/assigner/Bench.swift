// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Benchmark
import Diffusion
import Generation
import LineProtocol
import ModelFile
import Recommender
import System
import Tensors

extension StopwatchClock: ExpressibleByArgument {}

/// `assigner bench`: measures how long each part of an answer takes on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine answers.",
    discussion: """
      Prints one row for each part of the work:

        start       from the start of a new process to its first answer
        encode      the retriever, by tokens and batch size
        search      the nearest tweets of one query
        select      the selector
        generate    the generator, by denoising steps, or by beams (ar)
        tweet       one tweet, from text to hashtags
        throughput  all sample tweets, on --threads threads; other rows use one

      Times are medians and quartiles. Rates count sequences, queries or tweets per second, and multiply-adds of the \
      networks (GMAC/s). The last lines give the peak resident memory of a process that answers the sample tweets, and \
      how much of the files it reads. Rows that need a missing network or index are left out.

      The environment variable ASSIGNER_ISA selects the kernels of one instruction set.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case md, json
  }

  @Option(
    help: ArgumentHelp(
      "Measure only these parts, separated by commas: start, encode, search, select, generate, tweet, throughput.",
      valueName: "part,..."))
  var only: NameList?

  @Option(
    help: ArgumentHelp("Sample tweets, one per line; - is stdin (default: built-in samples).", valueName: "file"),
    completion: .file())
  var input: String?

  @Option(help: "Format of the report.")
  var format = Format.md

  @Option(help: ArgumentHelp("encode: tokens of a sequence.", valueName: "n,..."))
  var tokens = NumberList([16, 32, 64])

  @Option(help: ArgumentHelp("encode: sequences in a batch.", valueName: "n,..."))
  var batch = NumberList([1, 32])

  @Option(help: ArgumentHelp("generate: denoising steps. The last number is also used for whole tweets.", valueName: "n,..."))
  var steps = NumberList([1, SamplingOptions().steps])

  @Option(
    help: "The generator's method: diffusion, autoregressive (ar), bi-attention or none (default: the method it was trained for)."
  )
  var generator: GenerationMethod?

  @Option(help: ArgumentHelp("generate, with an autoregressive generator: beams of the beam search.", valueName: "n,..."))
  var beams = NumberList([1, 4])

  @Option(help: ArgumentHelp("generate: source tokens.", valueName: "n"))
  var source = 48

  @Option(
    name: .customLong("new"),
    help: ArgumentHelp("generate, with an autoregressive generator: tokens to write.", valueName: "n"))
  var newTokens = 16

  @Option(help: ArgumentHelp("search: nearest tweets to find.", valueName: "n"))
  var neighbours = 30

  @Option(help: ArgumentHelp("search: rows to re-rank (default: chosen by the search).", valueName: "n"))
  var depth: Int?

  @Option(help: ArgumentHelp("search: lists to scan in an index with lists (default: chosen by the search).", valueName: "n"))
  var probes: Int?

  @Option(
    help: ArgumentHelp(
      "search: query embeddings, little-endian float32 (default: embeddings of the sample tweets).", valueName: "file"),
    completion: .file())
  var queries: String?

  @Option(
    help: ArgumentHelp(
      "search: the exact 10 nearest rows of each query, little-endian int32. Adds the recall to the report.", valueName: "file"),
    completion: .file())
  var truth: String?

  @Option(help: ArgumentHelp("Measured rounds.", valueName: "n"))
  var repetitions = 10

  @Option(help: ArgumentHelp("Rounds before the measurement.", valueName: "n"))
  var warmUp = 2

  @Option(
    help: """
      The clock: elapsed time (wall), or processor time divided by the number of threads (processor), which suits a busy \
      machine.
      """)
  var clock = StopwatchClock.wall

  @OptionGroup var model: ModelOption
  @OptionGroup var index: IndexOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var files: FileOptions

  func validate() throws {
    for (name, values, range) in [
      ("--tokens", tokens.values, 1...4096), ("--batch", batch.values, 1...4096), ("--steps", steps.values, 1...100_000),
      ("--beams", beams.values, 1...20), ("--source", [source], 1...4096), ("--new", [newTokens], 1...4096),
      ("--neighbours", [neighbours], 1...1000), ("--depth", [depth ?? 1], 1...1_000_000), ("--probes", [probes ?? 1], 1...65536),
      ("--repetitions", [repetitions], 1...1_000_000), ("--warm-up", [warmUp], 0...1_000_000),
    ] where !values.allSatisfy(range.contains) {
      throw ValidationError("\(name) must be from \(range.lowerBound) to \(range.upperBound).")
    }
    if truth != nil, queries == nil { throw ValidationError("--truth needs --queries.") }
    if let unknown = only?.values.first(where: { Work(rawValue: $0) == nil }) {
      throw ValidationError("--only does not know \(unknown).")
    }
  }

  func run() throws {
    try exiting {
      let mapping = !files.withoutMap
      let opened = try model.open(mapping: mapping)
      // The named index, or the default index with the default model. The default index fits no other model.
      let opensIndex = index.index != nil || model.model == nil && DefaultFiles.find(DefaultFiles.indexName) != nil
      let path = opensIndex ? try index.path(for: model.path()) : nil
      try files.announce(model, index, at: path)
      let suite = BenchmarkSuite(
        model: opened, index: try path.map { try openFile($0, kind: .index, mapping: mapping) },
        recommenderOptions: recommenderOptions, options: try options()
      ) { Descriptor.standardError.say("\($0)\n") }
      let report = try suite.run(command: try path.map(command) ?? nil)
      try Descriptor.standardOutput.write(
        Array((format == .json ? report.json.serialized(pretty: true) + "\n" : report.table).utf8))
    }
  }

  private var recommenderOptions: RecommenderOptions {
    var options = RecommenderOptions()
    options.neighbours = neighbours
    options.generation.method = GenerationOptions(method: generator).method
    options.generation.sampling.steps = steps.values.last ?? options.generation.sampling.steps
    if generator == .autoregressive { options.generation.beams = beams.values.last }
    return options
  }

  private func options() throws -> BenchmarkOptions {
    var options = BenchmarkOptions()
    if let only { options.works = Set(only.values.compactMap(Work.init)) }
    (options.tokens, options.batches, options.steps, options.beams) =
      (tokens.values, batch.values, steps.values, beams.values)
    (options.sourceTokens, options.newTokens, options.depth) = (source, newTokens, depth)
    options.threads = threads.count
    options.stopwatch = Stopwatch(warmUp: warmUp, repetitions: repetitions, clock: clock)
    options.probes = probes
    if let queries {
      let size = try TweetEncoders(model: model.open()).size
      options.queries = try Numbers.read(queries, as: Float.self, rows: size)
      options.truth = try truth.map { try Numbers.read($0, as: Int32.self, rows: 10).map { $0.map(Int.init) } }
    }
    if let input {
      options.tweets = try readRows(input, strict: true, advice: "give fewer tweets").rows.map(\.text)
      if options.tweets.isEmpty { throw CorpusError("\(input): has no rows") }
    }
    return options
  }

  /// This program with arguments that answer lines on one thread with the measured options.
  private func command(index: String) throws -> (executable: String, arguments: [String])? {
    guard let executable = ThisProgram.executable else { return nil }
    var arguments = [
      "run", "--threads", "1", "--neighbours", "\(neighbours)", "--steps", "\(recommenderOptions.generation.sampling.steps)",
    ]
    arguments += ["--model", try model.path(), "--index", index]
    if let generator { arguments += ["--generator", generator.rawValue] }
    if let beams = recommenderOptions.generation.beams { arguments += ["--beams", "\(beams)"] }
    return (executable, arguments + (files.withoutMap ? ["--no-mmap"] : []))
  }
}

/// A list of numbers, separated by commas.
struct NumberList: ExpressibleByArgument {
  let values: [Int]

  init(_ values: [Int]) { self.values = values }

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    values = numbers.compactMap(\.self)
    if values.count != numbers.count { return nil }
  }

  var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

/// A list of words, separated by commas.
struct NameList: ExpressibleByArgument {
  let values: [String]

  init?(argument: String) {
    values = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

/// A file that holds only numbers.
enum Numbers {
  /// Reads the rows of a file; each has `width` numbers.
  static func read<Number: BitwiseCopyable>(_ path: String, as type: Number.Type, rows width: Int) throws -> [[Number]] {
    let bytes = try LineFile.contents(of: path, limit: 1 << 30)
    let stride = width * MemoryLayout<Number>.stride
    guard !bytes.isEmpty, bytes.count.isMultiple(of: stride) else {
      throw CorpusError("\(path): \(bytes.count) bytes is not a multiple of \(stride), the size of a row of \(width) numbers")
    }
    return bytes.withUnsafeBytes { bytes in
      Swift.stride(from: 0, to: bytes.count, by: stride).map { start in
        (0..<width).map { bytes.loadUnaligned(fromByteOffset: start + $0 * MemoryLayout<Number>.stride, as: type) }
      }
    }
  }
}
