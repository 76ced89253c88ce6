// SPDX-License-Identifier: Apache-2.0

import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System

/// The index that `index add` and `index remove` change: the one that is named, or the user's own copy of the default one,
/// which the first change makes. Kept from other writers from `open` on.
struct ChangedIndex {
  private let output: OutputFile
  /// Nil where the index is named.
  private let own: OwnIndex?
  private let folder: MadeFolder?

  /// - Parameter used: the command's other files by their options.
  init(_ option: IndexOption, besides used: KeyValuePairs<String, String?> = [:]) throws {
    var place = option.index
    if let named = place {
      (own, folder) = (nil, nil)
      // It must be there.
      _ = try ContainerFile.size(of: named)
    } else {
      guard let copy = OwnIndex() else { throw NoOwnIndex() }
      if !copy.isThere { _ = try IndexOption.defaultPath() }
      (own, folder, place) = (copy, MadeFolder(SystemCalls.split(copy.path).folder), copy.path)
    }
    output = try OutputFile(place ?? "", as: .container(.index), besides: used)
  }

  var path: String { output.path }

  /// What is to be changed, once no other program writes it.
  func open() throws -> CorpusIndex {
    try output.lock(evenIfAbsent: true) { [path] in
      Descriptor.standardError.say("assigner: \(path): another program is writing it; waiting for that\n")
    }
    return try CorpusIndex(path: own == nil || output.isThere ? path : IndexOption.defaultPath())
  }

  /// Refuses an index that was made with another model.
  func check(_ index: CorpusIndex, model: ContainerFile, dimension: Int) throws {
    if let own, output.isThere, try !own.fits(model: model.path) {
      throw MisfitIndex(description: own.misfit(model: model.path))
    }
    try index.check(model: model, dimension: dimension)
  }

  func replace(with builder: inout CorpusIndexBuilder) throws {
    let isFirst = own != nil && !output.isThere
    try builder.write(to: output)
    guard isFirst else { return }
    Descriptor.standardError.say(
      "assigner: \(path): your own copy of \(try IndexOption.defaultPath()), which stays as it is; assigner reads the copy from "
        + "now on: remove it to have the default one again\n")
  }
}
