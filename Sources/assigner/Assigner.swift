import ArgumentParser

@main
struct Assigner: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "assigner", abstract: "Recommend hashtags for disaster tweets, offline.")
}
