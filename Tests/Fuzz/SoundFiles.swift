// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Recommender
import Retrieval
import TestSupport

/// The valid files to damage: a tiny model with every section, an index made with it, and a corpus.
struct SoundFiles {
  let folder: TemporaryFolder
  let model: ContainerFile
  let index: CorpusIndex
  let modelBytes: [UInt8]
  let indexBytes: [UInt8]

  static let corpus: [String] = ["Kerala", "Aluva", "Paradise", "Houston", "Oslo"].flatMap { place in
    ["Flood", "Fire", "Storm"].enumerated().map { number, hazard in
      number == 1
        ? "{\"text\":\"\(hazard) near \(place), roads are closed #\(hazard)\",\"id\":\"\(place)-\(number)\",\"hashtags\":[\"\(place)\",\"\(hazard)\"]}"
        : "The \(hazard.lowercased()) reached the bridge in \(place), rescue is needed #\(hazard)\(place) #\(place)"
    }
  }

  private static let ranking = """
    {"features":["similarityMax","frequency"],"base":-1.5,"trees":[{"feature":[0,-1,1,-1,-1],"threshold":[0.5,0,2,0,0],\
    "left":[1,0,3,0,0],"right":[2,0,4,0,0],"value":[0,-0.5,0,0.25,1]}],"calibration":{"x":[-2,0,2],"y":[0.1,0.5,0.9]}}
    """

  init(folder: TemporaryFolder) throws {
    self.folder = folder
    var tiny = TinyModel(ranking: Self.ranking)
    tiny.hashtags = ["flood", "kerala"]
    try tiny.write(to: folder.file("sound.model"))
    model = try ContainerFile(path: folder.file("sound.model"), kind: .model)
    try Self.writeIndex(to: folder.file("sound.index"), with: TweetEncoders(model: model))
    index = try CorpusIndex(path: folder.file("sound.index"))
    modelBytes = TemporaryFolder.read(folder.file("sound.model"))
    indexBytes = TemporaryFolder.read(folder.file("sound.index"))
  }

  /// Writes an index with every optional section.
  static func writeIndex(to path: String, with encoders: TweetEncoders) throws {
    let maker = try IndexMaker(encoders: encoders, threads: 1)
    var builder = try maker.newBuilder(keepsText: true, indexesWords: true, lists: 3)
    _ = try maker.add(corpus.map { try CorpusRow(line: Array($0.utf8)) }, to: &builder)
    try builder.write(to: path)
  }
}
