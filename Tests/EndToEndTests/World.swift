// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// A tiny model and an index of made-up tweets. The built program makes them once for all tests.
enum World {
  static let folder = TemporaryFolder()
  static let model: String = {
    let path = folder.file("tiny.model")
    do { try TinyModel().write(to: path) } catch { fatalError("\(error)") }
    return path
  }()

  /// Tweets with hashtags.
  static let corpus: [String] = {
    let places = ["Kerala", "Aluva", "Paradise", "Houston", "Nepal", "Oslo"]
    let hazards = [("flood", "Flood"), ("fire", "WildFire"), ("quake", "Earthquake"), ("storm", "Storm")]
    return places.flatMap { place in
      hazards.map { word, tag in "The \(word) reached the bridge in \(place), water and rescue needed #\(tag) #\(place)" }
    }
  }()

  static let index: String = {
    let rows = folder.write("corpus.txt", corpus.joined(separator: "\n") + "\n")
    let path = folder.file("tiny.index")
    do {
      let result = try Program.run(
        "assigner", arguments("index", "build", "--corpus", rows, "--output", path, files: ["--model"]))
      guard result.status == 0 else { fatalError(result.messages) }
    } catch { fatalError("\(error)") }
    return path
  }()

  /// The arguments, followed by those that name the tiny files.
  static func arguments(_ arguments: String..., files: [String] = ["--model", "--index"]) -> [String] {
    arguments + files.flatMap { [$0, $0 == "--model" ? model : index] }
  }
}
