// SPDX-License-Identifier: Apache-2.0

/// The new content of an `OutputFile`.
///
/// It is written to a temporary file beside the old one, and `commit` renames it into place. Readers therefore see either the
/// complete old file or the complete new one. Owner, group and mode are kept.
///
/// Without `commit`, `deinit` removes the temporary file. A killed process leaves a `.assigner.….part` beside the unchanged old
/// file. Live writers hold a lock on their temporary file, so the next writer in that folder recognises the abandoned one and
/// removes it.
package final class AtomicFile {
  private let output: OutputFile
  private let descriptor: Int32
  /// The folder, which is synchronised so that the rename survives a power cut; nil for a stream.
  private let folder: Int32?
  /// The path of the temporary file until `commit` renames it; nil for a stream.
  package private(set) var part: String?
  /// Removes the temporary file if a signal ends the program.
  private let temporary: TemporaryPath?

  package init(_ output: OutputFile) throws(OutputError) {
    self.output = output
    (descriptor, folder, part, temporary) = try OutputError.naming(output.path) {
      if output.isStream { return (try SystemCalls.openForWriting(output.target), nil, nil, nil) }
      let folder = try SystemCalls.openDirectory(output.folder)
      do {
        Self.collect(in: output.folder)
        let (descriptor, part) = try Self.create(in: output.folder, isPrivate: output.isThere)
        // Register the path only after creating the file: a file of that name that exists already belongs to another writer.
        return (descriptor, folder, part, TemporaryPath(part))
      } catch {
        SystemCalls.close(folder)
        throw error
      }
    }
    // Set owner and mode before the first byte, so that exactly those who may read the old file may read this one.
    guard part != nil, let old = output.old else { return }
    try OutputError.naming(output.path) { try SystemCalls.keepOwnerAndMode(of: old, for: descriptor) }
  }

  deinit {
    // Remove the file before its lock is released. Otherwise the next writer might take it for an abandoned one.
    if let part {
      SystemCalls.remove(part)
      temporary?.forget()
    }
    SystemCalls.close(descriptor)
    if let folder { SystemCalls.close(folder) }
  }

  package func append(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    try OutputError.naming(output.path) { try SystemCalls.write(descriptor, bytes) }
  }

  package func append(_ bytes: [UInt8]) throws(OutputError) {
    try OutputError.naming(output.path) { try bytes.withUnsafeBytes { try SystemCalls.write(descriptor, $0) } }
  }

  /// Renames the file into place.
  ///
  /// - Throws: `isChanged` if the output is locked and another file has replaced it; `systemCall`.
  package func commit() throws(OutputError) {
    try OutputError.naming(output.path) {
      guard let part, let folder else { return }
      try SystemCalls.synchronize(descriptor)
      if output.isLocked, !(try output.isUnchanged()) { throw OutputError(path: output.path, rule: .isChanged) }
      try SystemCalls.move(part, to: output.target)
      self.part = nil
      temporary?.forget()
      // The rename itself must survive a power cut, too.
      try SystemCalls.synchronize(folder: folder)
    }
  }
}

extension AtomicFile {
  private static let prefix = ".assigner."
  private static let suffix = ".part"

  /// Creates and locks a new file under an unused name.
  private static func create(in folder: String, isPrivate: Bool) throws(SystemCallError) -> (descriptor: Int32, path: String) {
    var attempt = 0
    while true {
      let path = "\(folder)/\(prefix)\(SystemCalls.processIdentifier).\(attempt)\(suffix)"
      do throws(SystemCallError) {
        let descriptor = try SystemCalls.create(path, mode: isPrivate ? 0o600 : 0o666)
        // Before the file is locked, another writer may take it for an abandoned one and remove it. Some file systems have no
        // locks.
        let isLocked = (try? SystemCalls.lock(descriptor)) ?? true
        if isLocked, (try? SystemCalls.status(descriptor).st_nlink) != 0 { return (descriptor, path) }
        SystemCalls.close(descriptor)
      } catch {
        if !error.isExistingFile || attempt == 10_000 { throw error }
      }
      attempt += 1
    }
  }

  /// Removes what killed writers left in a folder: temporary files that nobody has locked.
  private static func collect(in folder: String) {
    for name in SystemCalls.names(in: folder) where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
      let path = folder + "/" + name
      guard let descriptor = try? SystemCalls.openLockable(path) else { continue }
      defer { SystemCalls.close(descriptor) }
      guard let identity = FileIdentity(descriptor: descriptor), (try? SystemCalls.lock(descriptor)) == true else { continue }
      // Do not remove the file if its writer was alive and has renamed it meanwhile.
      if FileIdentity(output: path) == identity { SystemCalls.remove(path) }
    }
  }
}
