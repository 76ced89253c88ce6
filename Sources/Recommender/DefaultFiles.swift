// SPDX-License-Identifier: Apache-2.0

import System

/// Where the default model and index are looked for: beside the program, in Models/ beside it or beside one of the
/// folders above it (a checkout's build folder), in share/assigner of where it is installed, and in ./Models.
package enum DefaultFiles {
  package static let modelName = "assigner.model"
  package static let indexName = "assigner.index"

  /// The folders, first choice first.
  ///
  /// - Parameter executable: the program's absolute path, links resolved; nil where it is unknown.
  package static func folders(executable: String?) -> [String] {
    var folders: [String] = []
    var parts = (executable ?? "").split(separator: "/").dropLast().map(String.init)
    if executable != nil { folders.append("/" + parts.joined(separator: "/")) }
    var shares: [String] = []
    while !parts.isEmpty {
      let folder = "/" + parts.joined(separator: "/")
      folders.append(folder + "/Models")
      shares.append(folder + "/share/assigner")
      parts.removeLast()
    }
    folders += shares
    if !folders.contains("/usr/share/assigner") { folders.append("/usr/share/assigner") }
    return folders + ["Models"]
  }

  /// The path of the first default file there is.
  package static func find(_ name: String, in folders: [String] = folders(executable: ThisProgram.executable)) -> String? {
    folders.lazy.map { $0 + "/" + name }.first { SystemCalls.isReadable($0) }
  }

  /// Where a user's own index lies, as the XDG base directories have it; nil where the environment names no such place.
  package static func ownIndex(
    dataHome: String? = SystemCalls.variable("XDG_DATA_HOME"), home: String? = SystemCalls.variable("HOME")
  ) -> String? {
    // Relative paths are to be ignored, the specification says.
    let folders = [dataHome, home.map { ($0 == "/" ? "" : $0) + "/.local/share" }]
    return folders.lazy.compactMap(\.self).first { $0.hasPrefix("/") }.map { "\($0)/assigner/\(indexName)" }
  }
}
