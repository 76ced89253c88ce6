// SPDX-License-Identifier: Apache-2.0

import System

/// Finds the default model and index.
///
/// It looks beside the program, in Models/ beside the program and beside each folder above it (for a build folder in a
/// checkout), in share/assigner of the installation, and in ./Models.
package enum DefaultFiles {
  package static let modelName = "assigner.model"
  package static let indexName = "assigner.index"

  /// The folders to search, in order.
  ///
  /// - Parameter executable: the program's absolute path with links resolved; nil if it is unknown.
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

  /// The path of the first default file that exists.
  package static func find(_ name: String, in folders: [String] = folders(executable: ThisProgram.executable)) -> String? {
    folders.lazy.map { $0 + "/" + name }.first { SystemCalls.isReadable($0) }
  }

  /// The path of the user's own index, by the XDG base directory specification; nil if the environment sets no folder.
  package static func ownIndex(
    dataHome: String? = SystemCalls.variable("XDG_DATA_HOME"), home: String? = SystemCalls.variable("HOME")
  ) -> String? {
    // The specification says to ignore relative paths.
    let folders = [dataHome, home.map { ($0 == "/" ? "" : $0) + "/.local/share" }]
    return folders.lazy.compactMap(\.self).first { $0.hasPrefix("/") }.map { "\($0)/assigner/\(indexName)" }
  }
}
