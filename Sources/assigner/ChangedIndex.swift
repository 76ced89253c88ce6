// SPDX-License-Identifier: Apache-2.0

import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System

/// The index that `index add` and `index remove` change: the named index, or the user's copy of the default index. The first
/// change makes that copy. `open` locks the index against other writers.
struct ChangedIndex {
  private let output: OutputFile
  /// Nil when the index is named.
  private let own: OwnIndex?
  private let folder: MadeFolder?

  /// - Parameter used: the command's other files by their options.
  init(_ option: IndexOption, besides used: KeyValuePairs<String, String?> = [:]) throws {
    var place = option.index
    if let named = place {
      (own, folder) = (nil, nil)
      // A named index must exist.
      _ = try ContainerFile.size(of: named)
    } else {
      guard let copy = OwnIndex() else { throw NoOwnIndex() }
      if !copy.isThere { _ = try IndexOption.defaultPath() }
      (own, folder, place) = (copy, MadeFolder(SystemCalls.split(copy.path).folder), copy.path)
    }
    output = try OutputFile(place ?? "", as: .container(.index), besides: used)
  }

  var path: String { output.path }

  /// Waits until no other program writes the index, locks it, and opens it.
  func open() throws -> CorpusIndex {
    try output.lock(evenIfAbsent: true) { [path] in
      Descriptor.standardError.say("assigner: \(path): another program is writing this index; waiting for it to finish\n")
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
      "assigner: \(path): this is now your own copy of \(try IndexOption.defaultPath()), which is unchanged. assigner uses the "
        + "copy from now on; delete it to use the default index again\n")
  }
}
