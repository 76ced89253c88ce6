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
      Write one tweet per line to stdin. The hashtags of each tweet come back as one line on stdout:

        printf 'Bridge out near Aluva, water still rising\\n' | assigner

      "assigner help run" lists the options. A line may also be a JSON object: {"text": ..., "id"?: ..., "k"?: ..., \
      "conversation"?: [replies...]}.

      Exit codes: 0 done, 64 wrong usage, 65 bad input with --strict, 66 missing file, 74 I/O error, 78 a model or index \
      is damaged or does not fit.
      """,
    version: "0.1.0",
    subcommands: [Run.self, IndexCommand.self, LearnedCommand.self, Inspect.self, Verify.self, Eval.self, Bench.self],
    defaultSubcommand: Run.self)
}
