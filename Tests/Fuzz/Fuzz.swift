// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import TestSupport

/// Gives damaged files and lines to the project's readers in this process, and checks what they do. Tools/fuzz builds and runs
/// it, with or without a sanitizer.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Give every reader damaged input, and check what it does.",
    discussion: """
      An input is a valid one that was damaged, mostly with its checksums corrected. Reading it must end in time, with an answer or \
      an error of this project, and take an amount of memory that its size justifies. Inputs that fail are kept in --save.
      """)

  @Option(help: ArgumentHelp("Run for this many seconds.", valueName: "n"))
  var seconds = 60.0

  @Option(help: ArgumentHelp("Seed of the changes; the same seed makes the same inputs.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Only these kinds, with commas: \(Kinds.names.joined(separator: ", ")).", valueName: "kinds"))
  var only: String?

  @Option(help: ArgumentHelp("Read this input once, as a case of the kind --only.", valueName: "file"))
  var replay: String?

  @Option(help: ArgumentHelp("Keep failing inputs in this folder.", valueName: "folder"))
  var save = "."

  @Option(help: ArgumentHelp("MiB of memory that an input may take, plus 64 times its size.", valueName: "n"))
  var memory = 192

  @Option(help: ArgumentHelp("Seconds that an input may take.", valueName: "n"))
  var patience = 20

  func validate() throws {
    let unknown = (only ?? "").split(separator: ",").map(String.init).filter { !Kinds.names.contains($0) }
    guard unknown.isEmpty else { throw ValidationError("--only does not know \(unknown.joined(separator: ", ")): see --help.") }
    guard replay == nil || only.map({ !$0.contains(",") }) ?? false else {
      throw ValidationError("--replay needs the kind of the input: give one kind with --only.")
    }
  }

  func run() throws {
    let folder = TemporaryFolder()
    let wanted = only.map { $0.split(separator: ",").map(String.init) } ?? Kinds.names
    let kinds = try Kinds.make(wanted, folder: folder)
    var campaign = Campaign(
      kinds: kinds, seed: seed, save: save, guardian: Guardian(mebibytes: memory, seconds: patience))
    if let replay {
      campaign.replay(TemporaryFolder.read(replay))
    } else {
      campaign.run(seconds: seconds)
    }
    print(campaign.report)
    if campaign.findings > 0 { throw ExitCode.failure }
  }
}
