// SPDX-License-Identifier: Apache-2.0
/// The project's folder, for files that several test targets read.
package enum ProjectFolder {
  package static let path = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  package static func file(_ name: String) -> String { path + "/" + name }
}
