// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ProgramMain

@main
struct Assigner: ParsableCommand {
  static func main() { runProgram() }

  static let configuration = CommandConfiguration(
    commandName: "assigner",
    abstract: "Recommend hashtags for disaster tweets, offline.",
    usage: """
      assigner [<options of run>]
      assigner <subcommand> [<options>]
      """,
    discussion: """
      Tweets come in on stdin, one a line, hashtags go out on stdout, one line for each line:

        printf 'Bridge out near Aluva, water still rising\\n' | assigner

      "assigner help run" lists the options. A line that starts with { is a JSON object: {"text": ..., "id"?, "k"?, "conversation"?: [replies...]}.

      Exit codes: 0 done, 64 usage, 65 bad input with --strict, 66 a file is missing, 74 I/O, 78 a model or an index does \
      not verify or does not fit.
      """,
    version: "0.1.0",
    subcommands: [Run.self, IndexCommand.self, LearnedCommand.self, Inspect.self, Verify.self, Eval.self, Bench.self],
    defaultSubcommand: Run.self)
}
