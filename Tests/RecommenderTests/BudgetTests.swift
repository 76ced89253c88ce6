// SPDX-License-Identifier: Apache-2.0

import Generation
import ModelFile
import Retrieval
import Testing
import TestSupport

@testable import Recommender

/// The generator's effort within a time budget.
@Suite struct BudgetTests {
  private let model: ContainerFile
  private let index: CorpusIndex

  init() throws {
    // The memory maps outlive the files' names.
    let folder = TemporaryFolder()
    try TinyModel().write(to: folder.file("model"))
    model = try ContainerFile(path: folder.file("model"), kind: .model)
    let maker = try IndexMaker(encoders: TweetEncoders(model: model), threads: 1)
    var builder = try maker.newBuilder(keepsText: false)
    let rows = ["Flood in Kerala #KeralaFloods #Kerala", "Fire near Oslo #Oslo", "Water in the streets #Kerala #flood"]
    _ = try maker.add(rows.map { try CorpusRow(line: Array($0.utf8)) }, to: &builder)
    try builder.write(to: folder.file("index"))
    index = try CorpusIndex(path: folder.file("index"))
  }

  private func ladder(_ steps: Int?, _ candidates: Int) -> [String] {
    Effort.ladder(from: Effort(steps: steps, candidates: candidates)).map { "\($0.steps ?? 0)/\($0.candidates)" }
  }

  @Test func theLadderGoesDownFromWhatWasAskedFor() {
    #expect(ladder(10, 1) == ["10/1", "5/1", "3/1", "2/1", "1/1"])
    #expect(ladder(7, 5) == ["7/5", "5/5", "3/5", "2/5", "2/2", "2/1", "1/1"])
    #expect(ladder(200, 1).first == "200/1" && ladder(200, 1)[1] == "100/1")
    #expect(ladder(2, 1) == ["2/1", "1/1"] && ladder(1, 1) == ["1/1"] && ladder(1, 2) == ["1/2", "1/1"])
    // Without steps, the ladder varies only the number of sequences.
    #expect(ladder(nil, 4) == ["0/4", "0/2", "0/1"])
    for (steps, candidates) in [(200, 64), (9, 3), (1, 1)] {
      let passes = Effort.ladder(from: Effort(steps: steps, candidates: candidates)).map(\.passes)
      #expect(passes == passes.sorted(by: >) && Set(passes).count == passes.count)
      #expect(passes.first == candidates * (steps + 1) && passes.last == 2)
    }
  }

  @Test func boundsFollowWhatHappens() {
    var bound = RunningBound()
    #expect(bound.bound == .infinity && !bound.isKnown)
    bound.relax()
    #expect(bound.bound == .infinity)
    for _ in 0..<200 { bound.add(0.010) }
    #expect(abs(bound.mean - 0.010) < 1e-9 && bound.bound < 0.0114 && bound.bound > 0.011)
    // With varying times, nearly all are below the bound.
    var state: UInt64 = 7
    var above = 0
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let uniform = Double(state >> 40) / 16_777_216
      let time = 0.008 + 0.004 * uniform
      if time > bound.bound { above += 1 }
      bound.add(time)
    }
    #expect(above < 40)
  }

  @Test func aHiccupIsForgottenButNotTheMachine() {
    var bound = RunningBound()
    for _ in 0..<50 { bound.add(0.010) }
    bound.add(5)
    #expect(bound.bound > 1)
    for _ in 0..<400 { bound.relax() }
    #expect(bound.bound < 0.012 && bound.bound > 0.010)
    // Relaxing never lowers the bound below the shortest time.
    for _ in 0..<10_000 { bound.relax() }
    #expect(bound.bound >= 0.010)
  }

  /// Estimates whose bounds are an eighth above these.
  private func estimates(token: Double, pass: Double, finish: Double, fixed: Double = 0) -> TimeEstimates {
    var estimates = TimeEstimates()
    for _ in 0..<300 {
      estimates.token.add(token)
      estimates.pass.add(pass)
      estimates.finish.add(finish)
      estimates.fixed.add(fixed)
    }
    return estimates
  }

  @Test func thePolicyTakesTheMostThatFits() {
    let policy = BudgetPolicy(ladder: Effort.ladder(from: Effort(steps: 10, candidates: 1)))
    // Bounds with the margin: 1 ms per token, 10 ms per pass, 5 ms for the finish.
    let estimates = estimates(token: 0.001 / 1.125, pass: 0.010 / 1.125, finish: 0.005 / 1.125)
    func steps(_ remaining: Double, tokens: Int = 0) -> Int? {
      policy.effort(within: remaining, tokens: tokens, estimates)?.steps
    }
    #expect(steps(0.1151) == 10 && steps(0.1149) == 5 && steps(0.0651) == 5 && steps(0.0649) == 3)
    #expect(steps(0.0451) == 3 && steps(0.0449) == 2 && steps(0.0351) == 2 && steps(0.0349) == 1)
    #expect(steps(0.0251) == 1 && steps(0.0249) == nil && steps(0) == nil && steps(-1) == nil)
    // The 20 tokens of the source are not encoded yet.
    #expect(steps(0.1351, tokens: 20) == 10 && steps(0.1349, tokens: 20) == 5 && steps(0.0449, tokens: 20) == nil)
    // More time never gives less effort.
    let passes = (0..<300).map { policy.effort(within: Double($0) / 1000, tokens: 7, estimates)?.passes ?? 0 }
    #expect(passes == passes.sorted())
    #expect(policy.effort(within: 1e9, tokens: 1, TimeEstimates()) == nil, "nothing is known")
    #expect(BudgetPolicy(ladder: []).effort(within: 1, tokens: 0, estimates) == nil)
  }

  @Test func theForecastSaysWhatTheBudgetIsEnoughFor() {
    let policy = BudgetPolicy(ladder: Effort.ladder(from: Effort(steps: 10, candidates: 1)))
    let estimates = estimates(token: 0.0001, pass: 0.002, finish: 0.001, fixed: 0.012)
    #expect(policy.forecast(limit: 0.040, estimates) == .generator)
    #expect(policy.forecast(limit: 0.015, estimates) == .withoutGenerator)
    guard case .nothing(let least) = policy.forecast(limit: 0.011, estimates) else {
      Issue.record("enough")
      return
    }
    #expect(abs(least.inSeconds - 0.012) < 1e-6)
    #expect(BudgetPolicy(ladder: []).forecast(limit: 0.040, estimates) == .withoutGenerator)
  }

  // MARK: Answers within a budget

  private func recommender(_ change: (inout RecommenderOptions) -> Void = { _ in }) throws -> Recommender {
    var options = RecommenderOptions()
    change(&options)
    return try Recommender(model: model, index: index, options: options)
  }

  private func tags(_ recommender: Recommender) throws -> [String] {
    let answer = try recommender.recommend(Query(text: "water near the bridge"), in: recommender.makeWorkspace())
    return answer.hashtags.map { "\($0.tag) \($0.score) \($0.features.values)" }
  }

  @Test func whatABudgetLeavesIsWhatTheSameSettingsGive() throws {
    // The estimates say 100 seconds per pass, so the number that fits does not depend on this machine.
    let cases: [(limit: Int, effort: Effort?)] = [
      (100_000, Effort(steps: 10, candidates: 2)), (1000, Effort(steps: 3, candidates: 2)),
      (270, Effort(steps: 1, candidates: 1)), (100, nil),
    ]
    for (limit, effort) in cases {
      let within = try recommender { options in
        (options.generation.sampling.steps, options.generation.sampling.candidates) = (10, 2)
        options.budget = .seconds(limit)
      }
      within.budget?.learn { learned in learned = self.estimates(token: 1e-9, pass: 100, finish: 1e-9) }
      let answer = try within.recommend(Query(text: "water near the bridge"), in: within.makeWorkspace())
      #expect(answer.budget?.effort == effort && answer.budget?.isMet == true)
      let alone = try recommender { options in
        if let effort {
          (options.generation.sampling.steps, options.generation.sampling.candidates) = (effort.steps ?? 0, effort.candidates)
        } else {
          options.generation.method = .off
        }
      }
      #expect(answer.hashtags.map { "\($0.tag) \($0.score) \($0.features.values)" } == (try tags(alone)))
    }
  }

  @Test func calibrationLearnsAndForecasts() throws {
    let ample = try recommender { $0.budget = .seconds(1000) }
    #expect(try ample.calibrate(in: ample.makeWorkspace()) == .generator)
    let learned = try #require(ample.budget?.estimates)
    for part in [learned.token, learned.pass, learned.finish, learned.fixed] {
      #expect(part.isKnown && part.mean > 0 && part.mean < 10)
    }
    let answer = try ample.recommend(Query(text: "water near the bridge"), in: ample.makeWorkspace())
    #expect(answer.budget?.effort == Effort(steps: 3, candidates: 1))

    let none = try recommender { $0.budget = .nanoseconds(1) }
    guard case .nothing = try none.calibrate(in: none.makeWorkspace()) else {
      Issue.record("enough")
      return
    }
    let late = try none.recommend(Query(text: "water near the bridge"), in: none.makeWorkspace())
    #expect(late.budget?.effort == nil && late.budget?.isMet == false)

    let without = try recommender { options in
      options.budget = .seconds(1000)
      options.generation.method = .off
    }
    #expect(try without.calibrate(in: without.makeWorkspace()) == .withoutGenerator)
    let unlimited = try recommender()
    #expect(try unlimited.calibrate(in: unlimited.makeWorkspace()) == nil)
  }

  @Test func aSearchIsDoneOrLeftOut() throws {
    let search = try recommender { options in
      options.generation.method = .autoregressive
      options.budget = .seconds(1000)
    }
    #expect(try search.calibrate(in: search.makeWorkspace()) == .generator)
    let answer = try search.recommend(Query(text: "water near the bridge"), in: search.makeWorkspace())
    #expect(answer.budget?.effort == Effort(steps: nil, candidates: 1))
  }
}
