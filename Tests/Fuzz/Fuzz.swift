// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import TestSupport

/// Gives the readers of this project damaged files and lines, in this process, and watches what they do. Tools/fuzz builds and runs
/// it, with a sanitizer or without.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Give every reader damaged input, and watch what it does.",
    discussion: """
      An input is a sound one that was changed, with its checksums made right again. Reading it must end in time, within an amount \
      of memory that its size justifies, in an answer or in an error of this project. What fails is kept in --save.
      """)

  @Option(help: ArgumentHelp("How long.", valueName: "n"))
  var seconds = 60.0

  @Option(help: ArgumentHelp("Seed of the changes; a run of the same seed makes the same ones.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("These kinds only, with commas: \(Kinds.names.joined(separator: ", ")).", valueName: "kinds"))
  var only: String?

  @Option(help: ArgumentHelp("Read this input once, as a case of the kind --only.", valueName: "file"))
  var replay: String?

  @Option(help: ArgumentHelp("Folder for inputs that fail.", valueName: "folder"))
  var save = "."

  @Option(help: ArgumentHelp("MiB that any input may take; its size comes to that 64 times.", valueName: "n"))
  var memory = 192

  @Option(help: ArgumentHelp("Seconds that an input may take.", valueName: "n"))
  var patience = 20

  func validate() throws {
    let unknown = (only ?? "").split(separator: ",").map(String.init).filter { !Kinds.names.contains($0) }
    guard unknown.isEmpty else { throw ValidationError("--only does not know \(unknown.joined(separator: ", ")).") }
    guard replay == nil || only.map({ !$0.contains(",") }) ?? false else {
      throw ValidationError("--replay needs the one kind of the input, by --only.")
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
