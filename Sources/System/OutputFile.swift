// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that a command will write.
///
/// The path is resolved and checked: it must not be another file of the same command, under any name, nor a file of another kind.
/// `AtomicFile` writes it.
///
/// ```swift
/// let output = try OutputFile(path, as: .container(.index), besides: ["--corpus": corpus])
/// let file = try AtomicFile(output)
/// try file.append(bytes)
/// try file.commit()
/// ```
package final class OutputFile {
  /// The path as the user gave it.
  package let path: String
  let kind: Kind
  /// The path with symbolic links resolved, so that the links stay; for a stream the path itself.
  let target: String
  /// Whether this is a pipe or a device, which is written directly.
  let isStream: Bool
  /// The state of the old file at the last look; nil if there was none.
  private(set) var old: stat?
  private var lockDescriptor: Int32?

  /// - Parameters:
  ///   - used: the command's other files by their options. Standard output and standard error are added here.
  package init(_ path: String, as kind: Kind, besides used: KeyValuePairs<String, String?> = [:]) throws(OutputError) {
    (self.path, self.kind) = (path, kind)
    (target, isStream, old) = try OutputError.naming(path) {
      guard !path.isEmpty else { throw OutputError(path: path, rule: .hasNoName) }
      guard let old = try SystemCalls.status(path: path) else { return (try Self.place(of: path), false, nil) }
      if SystemCalls.isRegular(old) { return (try SystemCalls.destination(of: path), false, old) }
      guard kind.takesStreams, !SystemCalls.isFolder(old) else { throw OutputError(path: path, rule: .isNoFile) }
      return (path, true, nil)
    }
    guard !isStream else { return }
    try OutputError.naming(path) { [target] in try SystemCalls.checkWritable(SystemCalls.split(target).folder) }
    let identity = old.map(FileIdentity.init) ?? .absent(path: target)
    for (use, other) in used where other.flatMap({ FileIdentity(path: $0) }) == identity {
      throw OutputError(path: path, rule: .isUsed(by: use))
    }
    for (use, stream) in [("standard output", Int32(1)), ("standard error", 2)]
    where FileIdentity(descriptor: stream) == identity {
      throw OutputError(path: path, rule: .isUsed(by: use))
    }
    if old != nil { try checkKind() }
  }

  deinit {
    if let lockDescriptor { SystemCalls.close(lockDescriptor) }
  }

  /// Whether there is an old file to replace.
  package var isThere: Bool { old != nil }
  var isLocked: Bool { lockDescriptor != nil }
  var folder: String { SystemCalls.split(target).folder }

  /// The resolved path of a file that does not exist yet.
  private static func place(of path: String) throws -> String {
    let folder: String
    do {
      let place = try SystemCalls.destination(of: path)
      let (parent, name) = SystemCalls.split(place)
      if name.isEmpty || parent == "/dev" { throw OutputError(path: path, rule: .isNoFile) }
      return place
    } catch let error as SystemCallError where error.isMissingFile {
      folder = error.path
    }
    throw OutputError(path: path, rule: .hasNoFolder(folder))
  }

  /// Rejects an old file of another kind. An empty file is always accepted.
  private func checkKind() throws(OutputError) {
    try OutputError.naming(path) {
      let descriptor = try SystemCalls.openForReading(target)
      defer { SystemCalls.close(descriptor) }
      let size = Int(try SystemCalls.status(descriptor).st_size)
      var head = [UInt8](repeating: 0, count: min(size, 64))
      let count = try head.withUnsafeMutableBytes { try SystemCalls.read(descriptor, into: $0) }
      guard size == 0 || kind.accepts(Array(head.prefix(count)), size) else {
        throw OutputError(path: path, rule: .isOtherKind(wanted: kind.name))
      }
    }
  }
}

extension OutputFile {
  /// Locks out other writers until this object is deinitialised: from reading the old file to renaming the new one into place.
  ///
  /// Without the lock, if two programs add to a file at once, the slower one silently undoes the other. Readers need no lock.
  ///
  /// The lock is `flock` on the file itself. It is therefore the same for all names of the file, leaves nothing in the folder,
  /// and is released by the system however the program ends. Another writer may have replaced the file by a new one, which
  /// `AtomicFile` locks before renaming it. So a writer that gets a lock checks that it still belongs to the file at this path.
  ///
  /// - Parameters:
  ///   - evenIfAbsent: whether to lock the folder if there is no file yet; otherwise nothing is locked in this case.
  ///   - patience: how long to wait for another writer.
  ///   - waiting: called once if it has to wait.
  /// - Throws: `isLocked`, `hasOtherNames`, `isOtherKind`, `systemCall`.
  package func lock(
    evenIfAbsent: Bool = false, patience: Duration = .seconds(60), waiting: () -> Void = {}
  ) throws(OutputError) {
    guard !isStream, !isLocked else { return }
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    var isWaiting = false
    while !(try OutputError.naming(path) { try takeLock(evenIfAbsent) }) {
      guard clock.now < deadline else { throw OutputError(path: path, rule: .isLocked) }
      if !isWaiting { waiting() }
      isWaiting = true
      SystemCalls.sleep(milliseconds: 10)
    }
    guard let old else { return }
    if old.st_nlink > 1 { throw OutputError(path: path, rule: .hasOtherNames) }
    try checkKind()
  }

  /// Whether the file at this path is still the one that was locked.
  func isUnchanged() throws(SystemCallError) -> Bool {
    try SystemCalls.status(path: target).map(FileIdentity.init) == old.map(FileIdentity.init)
  }

  /// Returns false if another writer has the lock, or had it until now and replaced the file.
  private func takeLock(_ evenIfAbsent: Bool) throws -> Bool {
    let seen = try SystemCalls.status(path: target)
    if seen == nil, !evenIfAbsent {
      old = nil
      return true
    }
    let descriptor = try seen == nil ? SystemCalls.openDirectory(folder) : SystemCalls.openLockable(target)
    // Some file systems cannot lock folders. There, two programs that make the same new file at once do not exclude each other.
    let isLocked = seen == nil ? (try? SystemCalls.lock(descriptor)) ?? true : try SystemCalls.lock(descriptor)
    old = try SystemCalls.status(path: target)
    let isCurrent = seen == nil ? old == nil : old.map(FileIdentity.init) == FileIdentity(descriptor: descriptor)
    if isLocked, isCurrent { lockDescriptor = descriptor } else { SystemCalls.close(descriptor) }
    return isLocked && isCurrent
  }
}
