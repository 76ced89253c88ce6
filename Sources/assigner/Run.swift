// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Learning
import LineProtocol
import ModelFile
import Recommender
import Retrieval

/// `assigner`: lines in, hashtags out.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer the lines on stdin.",
    discussion: """
      One line out for each line in, in order, flushed before waiting for more. Lines that are there already are answered \
      together, up to four for each thread; none waits for another to come. Lines that cannot be answered (not UTF-8, \
      broken JSON, longer than 64 KiB) give an empty line, or an error object with --format json, and a message on \
      stderr. SIGINT and SIGTERM end the program after the lines in hand, with exit code 0.
      """)

  @OptionGroup var model: ModelOption
  @OptionGroup var index: IndexOption
  @OptionGroup var way: WayOptions
  @OptionGroup var learning: LearningArguments
  @OptionGroup var threads: ThreadOption
  @OptionGroup var files: FileOption

  @Option(
    help: ArgumentHelp(
      "Refuse to start, with exit code 78, where more resident memory would be needed: bytes, or 96M, 1G.", valueName: "size"))
  var maxMemory: MemorySize?

  @Option(
    help: ArgumentHelp(
      """
      Keep what is learned in this file, and begin with what it holds; implies --learn. It holds codes, hashtags and hashes of \
      words, never the text, unless --keep-text.
      """, valueName: "file"), completion: .file())
  var journal: String?

  @Flag(help: "Keep the text of tweets with hashtags in the journal.")
  var keepText = false

  @Option(help: "What answers look like: text, tsv or json.")
  var format = AnswerFormat.text

  @Flag(help: "Add the nearest tweets and the features of every hashtag; with --format json.")
  var explain = false

  @Flag(help: "Stop at the first bad line, with exit code 65.")
  var strict = false

  func validate() throws {
    if explain, format != .json { throw ValidationError("--explain needs --format json.") }
    if keepText, journal == nil { throw ValidationError("--keep-text needs --journal.") }
    try learning.check(learns: learns)
  }

  private var learns: Bool { learning.learn || journal != nil }

  func run() throws {
    try exiting {
      let signals = StopSignals()
      let (recommender, learner) = try openRecommender()
      let batches = BatchRecommender(recommender, threads: threads.count, learner: learner)
      try announceBudget(batches)
      let options = LineSession.Options(format: format, explain: explain, strict: strict, batch: batches.batch)
      var session = LineSession(options: options, signals: signals)
      let end = try session.run { requests in
        try batches.recommend(
          requests, query: { [keepText] in Query($0, keepsText: keepText) },
          answer: { [explain] in try Answer($0, explain: explain, index: recommender.index) })
      }
      let failure = learner?.finish()
      if case .badLine = end { throw ExitCode(ProcessExit.badInput.rawValue) }
      if let failure { throw ExitCode(failure.exitStatus.rawValue) }
    }
  }

  /// Measures this machine for `--budget`, and says where it is too little.
  private func announceBudget(_ batches: BatchRecommender) throws {
    guard let budget = way.budget else { return }
    let place = "assigner: --budget \(JSONText.decimal(budget, places: 1)): "
    switch try batches.calibrate() {
    case .nothing(let least):
      let milliseconds = JSONText.decimal(1000 * least.seconds, places: 1)
      Descriptor.standardError.say(
        place + "a tweet takes about \(milliseconds) ms here even without the generator: answers will be late\n")
    case .withoutGenerator where way.usesGenerator:
      Descriptor.standardError.say(place + "too little for the generator here, which is left out\n")
    default: break
    }
  }

  /// Opens the files, within the memory there may be: what they need is counted before anything large is loaded.
  private func openRecommender() throws -> (Recommender, StreamLearner?) {
    let started = ProcessMemory.resident
    var options = try way.options()
    options.learns = learns
    let mapping = !files.withoutMap
    if let maxMemory, !mapping {
      let sizes = try MemoryPlan(
        model: ContainerFile.size(of: model.path()), index: ContainerFile.size(of: index.path()), started: started)
      try sizes.check(limit: maxMemory.bytes)
    }
    let (model, index) = (try model.open(mapping: mapping), try index.open(mapping: mapping))
    if let maxMemory {
      func plan(_ options: RecommenderOptions) throws -> MemoryPlan {
        try MemoryPlan(
          model: model, index: index, options: options, learning: learns ? learning.options : nil, threads: threads.count,
          explain: explain, started: started)
      }
      var withoutGenerator = options
      withoutGenerator.generation.method = .off
      try plan(options).check(
        limit: maxMemory.bytes,
        withoutGenerator: options.generation.method == .off ? nil : plan(withoutGenerator))
    }
    let recommender = try Recommender(model: model, index: CorpusIndex(file: index), options: options)
    guard learns else { return (recommender, nil) }
    let learner = try recommender.makeLearner(learning.options, journal: journal, model: model) {
      Descriptor.standardError.say("assigner: \($0)\n")
    }
    return (recommender, learner)
  }
}

extension Query {
  /// - Parameter keepsText: whether what it teaches is kept with its text.
  fileprivate init(_ request: Request, keepsText: Bool) {
    self.init(text: request.text, conversation: request.conversation, count: request.count)
    teaching.isWanted = request.teaches
    (teaching.author, teaching.time) = (request.author, request.time)
    teaching.identifier = request.id.flatMap(Self.name)
    if keepsText { teaching.text = request.text }
  }

  /// What an id says, as an index keeps it: a string's characters, a number's digits.
  private static func name(_ id: [UInt8]) -> String? {
    switch try? JSONValue(parsing: id) {
    case .string(let text): text
    case .null, nil: nil
    default: String(decoding: id, as: UTF8.self)
    }
  }
}
