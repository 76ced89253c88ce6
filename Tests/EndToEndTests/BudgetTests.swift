// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// `--budget`, and the processor time that the program leaves to other programs.
@Suite struct BudgetTests {
  /// An answer without its "budget", and the steps and candidates in it.
  private struct Line {
    var answer: String
    var steps, candidates: Int
    var limit, taken: Double

    init(_ text: String) throws {
      let parts = text.split(separator: ",\"budget\":", maxSplits: 1)
      try #require(parts.count == 2 && text.hasSuffix("}}"), "\(text)")
      answer = parts[0] + "}"
      func number(_ name: String) throws -> Double {
        let value = try #require(parts[1].split(separator: "\"\(name)\":", maxSplits: 1).last, "\(text)")
        return try #require(Double(value.prefix { $0.isNumber || $0 == "." }), "\(text)")
      }
      (steps, candidates) = (Int(try number("steps")), Int(try number("candidates")))
      (limit, taken) = (try number("ms"), try number("took_ms"))
    }
  }

  private let tweets = World.corpus.joined(separator: "\n") + "\n"

  private func run(_ arguments: String...) throws -> Program.Result {
    try Program.run("assigner", ["--format", "json"] + arguments + World.arguments(), input: tweets)
  }

  @Test func anAmpleBudgetChangesNothing() throws {
    let free = try run()
    let within = try run("--budget", "60000", "--threads", "2")
    #expect(within.status == 0 && within.messages == "")
    let lines = try within.lines.map { try Line($0) }
    #expect(lines.map(\.answer) == free.lines)
    #expect(lines.allSatisfy { $0.steps == 3 && $0.candidates == 1 && $0.limit == 60000 && $0.taken <= 60000 })
  }

  @Test func whateverTheBudgetLeavesCanBeMadeAgain() throws {
    // A tenth of a millisecond may allow a few steps or none, depending on the machine's load.
    let lines = try run("--budget", "0.1").lines.map { try Line($0) }
    #expect(lines.count == World.corpus.count)
    for steps in Set(lines.map(\.steps)) {
      let again = steps == 0 ? try run("--no-generator") : try run("--steps", "\(steps)")
      for (line, expected) in zip(lines, again.lines) where line.steps == steps { #expect(line.answer == expected) }
    }
  }

  @Test func aBudgetThatIsTooLittleIsSaid() throws {
    let options = ["--budget", "0.1", "--threads", "1", "--no-generator"]
    let late = try Program.run("assigner", options + Self.models, input: "Flood\n")
    #expect(late.status == 0 && late.lines.count == 1)
    #expect(late.messages.hasPrefix("assigner: --budget 0.1: a tweet takes about "))
    #expect(late.messages.hasSuffix(": answers will be late\n"))
    for bad in ["0", "-1", "x"] { #expect(try run("--budget=" + bad).status == 64) }
  }

  @Test func whoWaitsUsesNoProcessor() throws {
    let program = try Program("assigner", ["--threads", "3"] + World.arguments())
    program.send(World.corpus.joined(separator: "\n") + "\n")
    _ = try program.lines(World.corpus.count)
    let before = try program.processorUse()
    try program.idle(milliseconds: 700)
    let after = try program.processorUse()
    #expect(after.ticks - before.ticks <= 2)
    #expect(try after.nice == Program.processorUse(of: "self").nice)
    #expect(try program.finish().status == 0)
  }

  private static let models = [
    "--model", ProjectFolder.file("Models/assigner.model"), "--index", ProjectFolder.file("Models/assigner.index"),
  ]
}
