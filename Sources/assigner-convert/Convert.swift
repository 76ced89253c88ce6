import ArgumentParser

@main
struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "assigner-convert", abstract: "Make a model file from training checkpoints.")
}
