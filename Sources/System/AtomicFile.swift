// SPDX-License-Identifier: Apache-2.0

/// The new content of an `OutputFile`: it grows beside the file and is renamed into its place by `commit`, so that whoever reads
/// the file sees the old one or the new one, whole, whatever happens in between. Owner, group and mode stay.
///
/// Without `commit` nothing is left of it. A killed process leaves a `.assigner.….part` beside the untouched old file; since
/// writers keep theirs locked, the next one in that folder knows it and removes it.
package final class AtomicFile {
  private let output: OutputFile
  private let descriptor: Int32
  /// Of the folder, to make the renaming last; nil for a stream.
  private let folder: Int32?
  /// Where the bytes are until they have their place; nil for a stream.
  package private(set) var part: String?
  /// Removes the part where a signal ends the program.
  private let temporary: TemporaryPath?

  package init(_ output: OutputFile) throws(OutputError) {
    self.output = output
    (descriptor, folder, part, temporary) = try OutputError.naming(output.path) {
      if output.isStream { return (try SystemCalls.openForWriting(output.target), nil, nil, nil) }
      let folder = try SystemCalls.openDirectory(output.folder)
      do {
        Self.collect(in: output.folder)
        let (descriptor, part) = try Self.create(in: output.folder, isPrivate: output.isThere)
        // Not before it is made, since a file of that name would be another writer's.
        return (descriptor, folder, part, TemporaryPath(part))
      } catch {
        SystemCalls.close(folder)
        throw error
      }
    }
    // From the beginning, so that nobody sees more of it, or less, than of the old file.
    guard part != nil, let old = output.old else { return }
    try OutputError.naming(output.path) { try SystemCalls.keepOwnerAndMode(of: old, for: descriptor) }
  }

  deinit {
    // Before its lock goes, or the next writer might take it for its own.
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

  /// Puts the file in its place.
  /// - Throws: `isChanged` where the output is locked and another file lies there than then; `systemCall`.
  package func commit() throws(OutputError) {
    try OutputError.naming(output.path) {
      guard let part, let folder else { return }
      try SystemCalls.synchronize(descriptor)
      if output.isLocked, !(try output.isUnchanged()) { throw OutputError(path: output.path, rule: .isChanged) }
      try SystemCalls.move(part, to: output.target)
      self.part = nil
      temporary?.forget()
      // The renaming itself must survive a power cut, too.
      try SystemCalls.synchronize(folder: folder)
    }
  }
}

extension AtomicFile {
  private static let prefix = ".assigner."
  private static let suffix = ".part"

  /// A new locked file of a name that nobody uses.
  private static func create(in folder: String, isPrivate: Bool) throws(SystemCallError) -> (descriptor: Int32, path: String) {
    var attempt = 0
    while true {
      let path = "\(folder)/\(prefix)\(SystemCalls.processIdentifier).\(attempt)\(suffix)"
      do throws(SystemCallError) {
        let descriptor = try SystemCalls.create(path, mode: isPrivate ? 0o600 : 0o666)
        // Another writer may take it for a dead one's before it is locked. Some file systems have no locks.
        let isLocked = (try? SystemCalls.lock(descriptor)) ?? true
        if isLocked, (try? SystemCalls.status(descriptor).st_nlink) != 0 { return (descriptor, path) }
        SystemCalls.close(descriptor)
      } catch {
        if !error.isExistingFile || attempt == 10_000 { throw error }
      }
      attempt += 1
    }
  }

  /// Removes what killed writers left in a folder: the parts that nobody has locked.
  private static func collect(in folder: String) {
    for name in SystemCalls.names(in: folder) where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
      let path = folder + "/" + name
      guard let descriptor = try? SystemCalls.openLockable(path) else { continue }
      defer { SystemCalls.close(descriptor) }
      guard let identity = FileIdentity(descriptor: descriptor), (try? SystemCalls.lock(descriptor)) == true else { continue }
      // Not where the writer was alive and has put it in its place meanwhile.
      if FileIdentity(output: path) == identity { SystemCalls.remove(path) }
    }
  }
}
