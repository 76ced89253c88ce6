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

/// `assigner bench`: how long the parts of an answer take on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine answers, part by part.",
    discussion: """
      Prints a row for each piece of work: start (the program's start to its first answer, in a process of its own), \
      encode (the retriever, by tokens and batch), search, select, generate (by denoising steps, every step taken; by \
      beams with --generator ar), tweet (from text to hashtags, one at a time) and throughput (all sample tweets \
      together, as waiting lines are, on --threads threads; everything else runs on one). Times are medians and quartiles over the repetitions; \
      a second counts sequences, queries or tweets; GMAC/s are the networks' multiply-adds. Below the table stands the \
      peak resident memory of a process that has answered the sample tweets, and how much of the files it touched.

      The environment variable ASSIGNER_ISA forces a set of kernels. What a model does not have is left out, and so is \
      what needs an index where there is none.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case md, json
  }

  @OptionGroup var model: ModelOption
  @OptionGroup var index: IndexOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var files: FileOptions

  @Option(
    help: ArgumentHelp(
      "Measure these only, with commas: start, encode, search, select, generate, tweet, throughput.", valueName: "work"))
  var only: NameList?

  @Option(help: ArgumentHelp("Tokens of the sequences that are encoded.", valueName: "n,..."))
  var tokens = NumberList([16, 32, 64])

  @Option(help: ArgumentHelp("Sequences that are encoded together.", valueName: "n,..."))
  var batch = NumberList([1, 32])

  @Option(help: ArgumentHelp("Denoising steps; the last number is the whole tweet's.", valueName: "n,..."))
  var steps = NumberList([1, SamplingOptions().steps])

  @Option(help: "How the generator writes: by diffusion, piece by piece (ar), or none (default: the way it was trained for).")
  var generator: GenerationMethod?

  @Option(help: ArgumentHelp("Sequences followed at once, for a generator that writes piece by piece.", valueName: "n,..."))
  var beams = NumberList([1, 4])

  @Option(help: ArgumentHelp("Tokens that the generator reads.", valueName: "n"))
  var source = 48

  @Option(
    name: .customLong("new"), help: ArgumentHelp("Tokens that a generator that writes piece by piece writes.", valueName: "n"))
  var newTokens = 16

  @Option(help: ArgumentHelp("Tweets that a search finds.", valueName: "n"))
  var neighbours = 30

  @Option(help: ArgumentHelp("Rows that a search ranks again (default: its own choice).", valueName: "n"))
  var depth: Int?

  @Option(help: ArgumentHelp("Lists that a search of an index with lists looks at (default: its own choice).", valueName: "n"))
  var probes: Int?

  @Option(
    help: ArgumentHelp("Embeddings to search for, little-endian float32 (default: those of the tweets).", valueName: "file"),
    completion: .file())
  var queries: String?

  @Option(
    help: ArgumentHelp(
      "Identifiers of the exact nearest rows of every query, 10 each, little-endian int32: prints the recall.", valueName: "file"),
    completion: .file())
  var truth: String?

  @Option(
    help: ArgumentHelp("Sample tweets, one a line; - is stdin (default: made-up ones).", valueName: "file"), completion: .file())
  var input: String?

  @Option(help: ArgumentHelp("Rounds that count.", valueName: "n"))
  var repetitions = 10

  @Option(help: ArgumentHelp("Rounds before them that do not.", valueName: "n"))
  var warmUp = 2

  @Option(
    help: """
      What is read: the time that passes (wall), or the processor's time that the work takes (processor; with several \
      threads divided by their number), for a busy machine.
      """)
  var clock = StopwatchClock.wall

  @Option(help: "Form of the report: md or json.")
  var format = Format.md

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
      // The index that was named, or the default one beside the default model: another model does not fit it.
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
    options.generation.method = generator
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

  /// This program, answering lines on one thread the way that is measured.
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

/// Numbers with commas between them.
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

/// Words with commas between them.
struct NameList: ExpressibleByArgument {
  let values: [String]

  init?(argument: String) {
    values = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

/// A file of numbers and nothing else.
enum Numbers {
  /// Its rows of `rows` numbers each.
  static func read<Number: BitwiseCopyable>(_ path: String, as type: Number.Type, rows width: Int) throws -> [[Number]] {
    let bytes = try LineFile.contents(of: path, limit: 1 << 30)
    let stride = width * MemoryLayout<Number>.stride
    guard !bytes.isEmpty, bytes.count.isMultiple(of: stride) else {
      throw CorpusError("\(path): \(bytes.count) bytes are no rows of \(width) numbers")
    }
    return bytes.withUnsafeBytes { bytes in
      Swift.stride(from: 0, to: bytes.count, by: stride).map { start in
        (0..<width).map { bytes.loadUnaligned(fromByteOffset: start + $0 * MemoryLayout<Number>.stride, as: type) }
      }
    }
  }
}
