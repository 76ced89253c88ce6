// SPDX-License-Identifier: Apache-2.0

import System

/// Writes a file beside its target and renames it into place: whoever reads the target sees the old file or the new one,
/// whole, whatever happens in between. A failure removes the half-written file; a killed process leaves it (`.NAME.….part`)
/// beside the untouched old one.
package enum AtomicFile {
  /// Takes the next bytes of a file.
  package typealias Append = (UnsafeRawBufferPointer) throws(ContainerError) -> Void

  /// - Parameters:
  ///   - path: the target; a symbolic link is followed, so that the link stays.
  ///   - chunks: called once with a function that appends bytes.
  package static func write(
    to path: String, _ chunks: (Append) throws(ContainerError) -> Void
  ) throws(ContainerError) {
    do {
      let target = SystemCalls.resolved(path) ?? path
      let old = try SystemCalls.status(path: target)
      // Renaming over /dev/null or a pipe would replace it by a file.
      if let old, !SystemCalls.isRegular(old) { throw ContainerError(path: path, rule: .notReplaceable) }
      let (directory, name) = split(target)
      let (descriptor, part) = try create(directory: directory, name: name)
      let temporary = TemporaryPath(part)
      defer { temporary.forget() }
      do {
        defer { SystemCalls.close(descriptor) }
        if let old { try SystemCalls.setMode(descriptor, old.st_mode & 0o7777) }
        try chunks { (bytes) throws(ContainerError) in
          do throws(SystemCallError) {
            try SystemCalls.write(descriptor, bytes)
          } catch {
            throw ContainerError(path: path, rule: .inputOutput(call: error.call, errno: error.errno))
          }
        }
        try SystemCalls.synchronize(descriptor)
        try SystemCalls.move(part, to: target)
      } catch {
        SystemCalls.remove(part)
        throw error
      }
      // The rename itself must survive a power cut, too.
      let handle = try SystemCalls.openDirectory(directory)
      defer { SystemCalls.close(handle) }
      try SystemCalls.synchronize(handle)
    } catch let error as SystemCallError {
      // Never `missingFile`: a folder that is not there is a failure to write.
      throw ContainerError(path: path, rule: .inputOutput(call: error.call, errno: error.errno))
    } catch let error as ContainerError {
      throw error
    } catch {
      fatalError("only the two errors above are thrown")
    }
  }

  /// Writes `bytes`; see `write(to:_:)`.
  package static func write(_ bytes: [UInt8], to path: String) throws(ContainerError) {
    try write(to: path) { (append) throws(ContainerError) in try bytes.append(to: append) }
  }

  /// Removes a file, if it is there; whoever has it mapped keeps it.
  package static func remove(_ path: String) { SystemCalls.remove(path) }

  private static func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    return (directory, String(path[path.utf8.index(after: slash)...]))
  }

  /// A new file of a name that nobody uses.
  private static func create(
    directory: String, name: String
  ) throws(SystemCallError) -> (descriptor: Int32, path: String) {
    var attempt = 0
    while true {
      let path = "\(directory)/.\(name).\(SystemCalls.processIdentifier).\(attempt).part"
      do {
        return (try SystemCalls.create(path), path)
      } catch {
        attempt += 1
        if !error.isExistingFile || attempt == 1000 { throw error }
      }
    }
  }
}
