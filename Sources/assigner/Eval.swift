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

      Prints F1@k, MAP@5, ROUGE-1, BLEU and dist-1 in percent; pool recall, the share of all correct hashtags that the \
      retrieved tweets carry; unseen recall, the share of recommended hashtags among those correct ones that no tweet of \
      the index carries; tweets per second and the peak memory.
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

  @Flag(help: "Also print how many hashtags are correct in each range of scores.")
  var reliability = false

  @Flag(help: "Compare hashtags by 0-9, a-z and _ only, as for ASSIGNER's published figures.")
  var asciiHashtags = false

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func validate() throws {
    try research.check(with: speed)
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    try learning.check(learns: learning.learn)
    try hashtags.checkLists(inputIsStandard: HashtagOptions.isStandardInput(input))
  }

  func run() throws {
    try exiting {
      let mapping = !files.withoutMap
      let (model, index) = (try model.open(mapping: mapping), try index.open(for: model.path(), mapping: mapping))
      let (answerOutput, tableOutput) = try outputs(model: model.path, index: index.path)
      var options = try RecommenderOptions(hashtags, speed, research)
      options.learns = learning.learn
      options.event = try event.card()
      let recommender = try Recommender(model: model, index: CorpusIndex(file: index), options: options)
      try files.announce(self.model, self.index, at: index.path)
      let learner = learning.learn ? try recommender.makeLearner(learning.options, model: model) : nil
      let (rows, _) = try readRows(input, strict: true, limit: limit ?? .max, advice: "take the first with --limit")
      guard !rows.isEmpty else { throw CorpusError("\(input): has no rows") }
      let measurement = try Measurement(
        recommender: recommender, threads: threads.count, rows: rows, learner: learner)
      var evaluation = HashtagEvaluation()
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
          if asciiHashtags {
            var seen: Set<String> = [""]
            evaluation.add(
              predicted: recommendation.hashtags.map { HashtagNormalForm.ascii($0.tag) },
              gold: row.hashtags.map(HashtagNormalForm.ascii).filter { seen.insert($0).inserted })
          } else {
            evaluation.add(predicted: predicted, gold: gold)
          }
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
      let figures = Figures(
        scores: evaluation.scores, poolRecall: pool.percentage, unseenRecall: unseen.percentage,
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
