// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Learning
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System

/// `assigner run`: reads lines and writes their hashtags.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recommend hashtags for the tweets on stdin.",
    discussion: """
      Writes one line for each line read, in the same order, and flushes it before it waits for more input. Lines that \
      are already waiting are answered together, up to four per thread. A single line never waits for another.

      A bad line (not UTF-8, broken JSON, longer than 64 KiB) gives an empty line, or an error object with --format json, \
      and a message on stderr.

      SIGINT and SIGTERM stop the program after the lines in progress. The exit code is 0, or 74 if nobody reads the \
      answers for 2 seconds. A second signal stops it at once.

      "assigner run --help-hidden" also lists the options for research.
      """)

  @OptionGroup(title: "Hashtags") var hashtags: HashtagOptions
  @OptionGroup(title: "Hashtags") var event: EventOption
  @OptionGroup(title: "Lines") var lines: LineOptions
  @OptionGroup(title: "Learning") var learning: LearningArguments
  @OptionGroup(title: "Learning") var journal: JournalArguments
  @OptionGroup(title: "Files") var model: ModelOption
  @OptionGroup(title: "Files") var index: IndexOption
  @OptionGroup(title: "Files") var files: FileOptions
  @OptionGroup(title: "Speed and memory") var speed: SpeedOptions
  @OptionGroup(title: "Speed and memory") var threads: ThreadOption
  @OptionGroup(title: "Speed and memory") var memory: MemoryOption
  @OptionGroup(title: "Research switches", visibility: .hidden) var research: ResearchOptions

  func validate() throws {
    try research.check(with: speed)
    try hashtags.checkLists(inputIsStandard: true)
    try learning.check(learns: learns)
  }

  private var learns: Bool { learning.learn || journal.path != nil }

  func run() throws {
    try exiting {
      let signals = try StopSignals()
      let (recommender, learner) = try openRecommender()
      let batches = BatchRecommender(recommender, threads: threads.count, learner: learner)
      try announceBudget(batches)
      announceInput("tweets, one a line,")
      let options = LineSession.Options(
        format: lines.format, explain: lines.explain, strict: lines.strict, batch: batches.batch,
        patience: lines.idle.map { .seconds($0) })
      var session = LineSession(options: options, signals: signals)
      let end = Result {
        try session.run { requests in
          try batches.recommend(
            requests, query: { [keepText = journal.keepText] in Query($0, keepsText: keepText) },
            answer: { [explain = lines.explain] in try Answer($0, explain: explain, index: recommender.index) })
        }
      }
      // Writes what was learned to the disk, however the session ended.
      let failure = learner?.finish()
      switch try end.get() {
      case .endOfInput, .stopped, .closedPipe: break
      case .idle: Descriptor.standardError.say("assigner: no line for \(lines.idle ?? 0) s: stopped\n")
      case .stalled:
        Descriptor.standardError.say("assigner: error: nobody reads stdout: the answers to the lines in progress are lost\n")
        throw ExitCode(ProcessExit.inputOutput.rawValue)
      case .badLine: throw ExitCode(ProcessExit.badInput.rawValue)
      }
      if let failure { throw ExitCode(failure.rawValue) }
    }
  }

  /// Measures this machine for `--budget`, and warns on stderr if the budget is too small.
  private func announceBudget(_ batches: BatchRecommender) throws {
    guard let budget = speed.budget else { return }
    let place = "assigner: --budget \(JSONText.decimal(budget, places: 1)): "
    switch try batches.calibrate() {
    case .nothing(let least):
      let milliseconds = JSONText.decimal(1000 * least.seconds, places: 1)
      Descriptor.standardError.say(
        place + "a tweet takes about \(milliseconds) ms on this machine even without the generator: answers will be late\n")
    case .withoutGenerator where batches.recommender.options.generation.method != .off:
      Descriptor.standardError.say(place + "too short for the generator on this machine: answers come without it\n")
    default: break
    }
  }

  /// Opens the files within `--max-memory`. The memory is counted before anything large is loaded.
  private func openRecommender() throws -> (Recommender, StreamLearner?) {
    let started = ProcessMemory.resident
    var options = try RecommenderOptions(hashtags, speed, research)
    options.learns = learns
    options.event = try event.card()
    let mapping = !files.withoutMap
    let path = try index.path(for: model.path())
    try files.announce(model, index, at: path)
    if let maxMemory = memory.maxMemory, !mapping {
      let sizes = try MemoryPlan(
        model: ContainerFile.size(of: model.path()), index: ContainerFile.size(of: path), started: started)
      try sizes.check(limit: maxMemory.bytes)
    }
    let (model, index) = (try model.open(mapping: mapping), try openFile(path, kind: .index, mapping: mapping))
    if let maxMemory = memory.maxMemory {
      func plan(_ options: RecommenderOptions) throws -> MemoryPlan {
        try MemoryPlan(
          model: model, index: index, options: options, learning: learns ? learning.options : nil, threads: threads.count,
          explain: lines.explain, started: started)
      }
      var withoutGenerator = options
      withoutGenerator.generation.method = .off
      try plan(options).check(
        limit: maxMemory.bytes,
        withoutGenerator: options.generation.method == .off ? nil : plan(withoutGenerator))
    }
    let recommender = try Recommender(model: model, index: CorpusIndex(file: index), options: options)
    guard learns else { return (recommender, nil) }
    let learner = try recommender.makeLearner(learning.options, journal: journal.path, model: model) {
      Descriptor.standardError.say("assigner: \($0)\n")
    }
    return (recommender, learner)
  }
}

extension Query {
  /// - Parameter keepsText: whether the journal keeps the text of a tweet that is learned.
  fileprivate init(_ request: Request, keepsText: Bool) {
    self.init(text: request.text, conversation: request.conversation, count: request.count)
    teaching.isWanted = request.teaches
    (teaching.author, teaching.time) = (request.author, request.time)
    teaching.identifier = request.id.flatMap(Self.name)
    if keepsText { teaching.text = request.text }
  }

  /// An id as an index stores it: the characters of a string, the digits of a number.
  private static func name(_ id: [UInt8]) -> String {
    if case .string(let text)? = try? JSONValue(parsing: id) { return text }
    return String(decoding: id, as: UTF8.self)
  }
}
