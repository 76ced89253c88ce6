// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Evaluation
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System
import Text

/// `assigner eval`: measures recommendations on gold rows and prints the published metrics.
struct Eval: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure recommendations on tweets whose hashtags are known.",
    discussion: """
      Each row is a JSON object {"text": ..., "hashtags": [...], "exclude"?: [...]}. "hashtags" are the correct hashtags; \
      they are compared by their normal form (case and width do not count). "exclude" has the ids of index tweets to ignore, \
      such as the tweet itself: they count neither as neighbours nor in the statistics. The file may be compressed with gzip.

      With --learn the rows are a stream, in order. The program first answers each row. It then learns from the tweet with its \
      correct hashtags if the row has "learn": true, or from the tweet in "typed" if the row has that. "author" and "time" \
      mean the same as in a line of "assigner run".

      "conversation" has replies, as in a line of "assigner run". A correct hashtag may be given as several words ("river town").

      Prints F1@k, MAP@5, BLEU and dist-1 in percent; pool recall, the share of all correct hashtags that the \
      retrieved tweets carry; unseen recall, the share of recommended hashtags among those correct ones that no tweet of \
      the index carries; tweets per second and the peak memory.

      --measures papers prints the measures of Microblog Hashtag Generation (MHG), RIGHT and ASSIGNER by their own definitions: \
      F1 of the whole corpus; ROUGE, BLEU and dist-1 of the hashtags' words, which a spelling shows (#RiverTown, "river town"); \
      each Chinese character is a word. BERTScore uses the model's own encoder.

      --compare A B measures two files of answers to the rows, of any programs: what --predictions writes, or one line of \
      hashtags for each row. It prints both figures of each measure, the difference, and its 95 % interval (paired bootstrap).
      """)

  @OptionGroup(title: "Hashtags") var hashtags: HashtagOptions
  @OptionGroup(title: "Hashtags") var event: EventOption
  @OptionGroup(title: "Files") var model: ModelOption
  @OptionGroup(title: "Files") var index: IndexOption
  @OptionGroup(title: "Files") var files: FileOptions
  @OptionGroup(title: "Learning") var learning: LearningArguments
  @OptionGroup(title: "Speed and memory") var speed: SpeedOptions
  @OptionGroup(title: "Speed and memory") var threads: ThreadOption
  @OptionGroup(title: "Research switches") var research: ResearchOptions

  @Option(help: ArgumentHelp("Tweets with their correct hashtags; - is stdin.", valueName: "file"), completion: .file())
  var input: String

  @Option(help: ArgumentHelp("Use only the first n rows.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Write the answers to a file, one JSON object per line.", valueName: "file"), completion: .file())
  var predictions: String?

  @Option(
    help: ArgumentHelp(
      "Write the features of every candidate, and whether it is correct, to a file that a ranking is trained on.",
      valueName: "file"),
    completion: .file())
  var features: String?

  @Option(help: "The measures to print: standard, or those of the papers (papers).")
  var measures = MeasureChoice.standard

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Compare two files of answers to the rows of --input instead of answering them.", valueName: "file"),
    completion: .file())
  var compare: [String] = []

  @Option(help: ArgumentHelp("With --compare: how often the rows are drawn again.", valueName: "n"))
  var resamples = 1000

  @Flag(name: .customLong("no-conversation"), help: "Answer without the replies of a row (\"conversation\").")
  var withoutConversation = false

  @Flag(help: "Also print how many hashtags are correct in each range of scores.")
  var reliability = false

  @Flag(help: "Compare hashtags by 0-9, a-z and _ only, as for ASSIGNER's published figures.")
  var asciiHashtags = false

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func validate() throws {
    try research.check(with: speed)
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    try checkRanges([("--resamples", resamples, 1...100_000)])
    if !compare.isEmpty {
      if compare.count != 2 { throw ValidationError("--compare needs two files.") }
      if predictions != nil || features != nil || learning.learn || reliability {
        throw ValidationError("--compare answers no tweets: leave out --predictions, --features, --learn and --reliability.")
      }
    }
    try learning.check(learns: learning.learn)
    try hashtags.checkLists(inputIsStandard: HashtagOptions.isStandardInput(input))
  }

  func run() throws {
    try exiting {
      if !compare.isEmpty { return try printComparison() }
      let mapping = !files.withoutMap
      let (model, index) = (try model.open(mapping: mapping), try index.open(for: model.path(), mapping: mapping))
      let (answerOutput, tableOutput) = try outputs(model: model.path, index: index.path)
      var options = try RecommenderOptions(hashtags, speed, research)
      options.learns = learning.learn
      options.event = try event.card()
      let recommender = try Recommender(model: model, index: CorpusIndex(file: index), options: options)
      try files.announce(self.model, self.index, at: index.path)
      let learner = learning.learn ? try recommender.makeLearner(learning.options, model: model) : nil
      var (rows, _) = try readRows(input, strict: true, limit: limit ?? .max, advice: "take the first with --limit")
      guard !rows.isEmpty else { throw CorpusError("\(input): has no rows") }
      if withoutConversation {
        for place in rows.indices { rows[place].conversation = [] }
      }
      let measurement = try Measurement(
        recommender: recommender, threads: threads.count, rows: rows, learner: learner)
      var judge = Judge(isASCII: asciiHashtags, scorer: measures == .papers ? try SemanticScorer(model: model) : nil)
      var answered: [[String]] = []
      var calibration = ReliabilityTable()
      var (pool, unseen) = (Recall(), Recall())
      let answers = try answerOutput.map(AnswerFile.init)
      let table = try tableOutput.map { try FeatureFile($0, learns: learning.learn) }
      var bar = ProgressBar()
      let clock = ContinuousClock()
      var elapsed = Duration.zero

      let portion = 64
      for first in stride(from: 0, to: rows.count, by: portion) {
        let slice = rows[first..<min(first + portion, rows.count)]
        var recommendations: [Recommendation] = []
        elapsed += try clock.measure { recommendations = try measurement.answer(slice) }
        for (offset, (row, recommendation)) in zip(slice, recommendations).enumerated() {
          let predicted = recommendation.hashtags.map { HashtagNormalForm.normalize($0.tag) }
          let gold = row.hashtags.map(HashtagNormalForm.normalize)
          answered.append(recommendation.hashtags.map(\.tag))
          judge.note(row.phrases + recommendation.hashtags.map(\.tag))
          let retrieved = Set(recommendation.candidates.lazy.filter { $0.sources.contains(.retrieved) }.map(\.normal))
          pool.add(gold, found: retrieved)
          unseen.add(gold.filter { recommender.index.lookup($0) == nil }, found: Set(predicted))
          for (hashtag, normal) in zip(recommendation.hashtags, predicted) {
            calibration.add(score: hashtag.score, isHit: gold.contains(normal))
          }
          try answers?.add(recommendation, index: recommender.index)
          try table?.add(recommendation, query: first + offset, gold: row.hashtags)
        }
        bar.show("tweets", done: first + slice.count, total: rows.count)
      }
      bar.finish()
      try answers?.finish()
      try table?.finish()
      var evaluation = Evaluation(measures.measures(hasEncoder: judge.scorer != nil))
      for (row, tags) in zip(rows, answered) { evaluation.add(try judge.judge(predicted: tags, gold: row.phrases)) }
      let figures = Figures(
        scores: evaluation.rows, poolRecall: pool.percentage, unseenRecall: unseen.percentage,
        reliability: reliability ? calibration : nil, count: evaluation.count, seconds: elapsed.seconds,
        threads: threads.count, peakMemory: ProcessMemory.peak)
      try Descriptor.standardOutput.write(Array((json ? figures.json.serialized(pretty: true) + "\n" : figures.table).utf8))
    }
  }

  /// The output files of --predictions and --features. Neither may be another file of the command.
  private func outputs(model: String, index: String) throws -> (answers: OutputFile?, table: OutputFile?) {
    func output(_ path: String?, _ kind: OutputFile.Kind, besides first: String?) throws -> OutputFile? {
      guard let path else { return nil }
      return try OutputFile(
        path, as: kind,
        besides: [
          "the --input": input, "the model": model, "the index": index, "the --deny": hashtags.deny,
          "the --allow": hashtags.allow,
          "the --predictions": first,
        ])
    }
    return (try output(predictions, AnswerFile.kind, besides: nil), try output(features, FeatureFile.kind, besides: predictions))
  }
}
