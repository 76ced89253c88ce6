// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that a command is to write, found without links and held against all that it must not be: the command's other
/// files, whatever their names, and files of another kind. `AtomicFile` writes it.
///
/// ```swift
/// let output = try OutputFile(path, as: .container(.index), besides: ["--corpus": corpus])
/// let file = try AtomicFile(output)
/// try file.append(bytes)
/// try file.commit()
/// ```
package final class OutputFile {
  /// As the user named it.
  package let path: String
  let kind: Kind
  /// Where it lies or will lie, without symbolic links, so that those stay; the path itself for a stream.
  let target: String
  /// A pipe or a device that is written straight.
  let isStream: Bool
  /// What lay there when it was looked at last, nil for nothing.
  private(set) var old: stat?
  private var lockDescriptor: Int32?

  /// - Parameters:
  ///   - used: the command's other files by their options. Streams are in it already.
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

  /// Whether there is a file that would be replaced.
  package var isThere: Bool { old != nil }
  var isLocked: Bool { lockDescriptor != nil }
  var folder: String { SystemCalls.split(target).folder }

  /// The place of a file that is not there yet.
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

  /// Refuses a file that is not of the kind that is written; an empty one may become anything.
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
  /// Keeps other writers away until this object goes, from reading the old file to putting the new one in its place: without
  /// it, the slower of two that each add to a file would silently undo the other. Readers need no lock.
  ///
  /// The lock is `flock` on the file itself, so that it is the same one by all the file's names, leaves nothing in the folder,
  /// and is given back by the system however the program ends. A writer puts another file in its place, which `AtomicFile` has
  /// locked before it gets the name: so whoever has a lock looks again whether it is that of the file which now lies there.
  ///
  /// - Parameters:
  ///   - evenIfAbsent: whether to lock the folder where there is no file yet; otherwise nothing is locked then.
  ///   - patience: how long to wait for another writer.
  ///   - waiting: called once where it has to wait.
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

  /// Whether what lies there is what lay there when it was locked.
  func isUnchanged() throws(SystemCallError) -> Bool {
    try SystemCalls.status(path: target).map(FileIdentity.init) == old.map(FileIdentity.init)
  }

  /// False where another has the lock, or had it until now and put another file there.
  private func takeLock(_ evenIfAbsent: Bool) throws -> Bool {
    let seen = try SystemCalls.status(path: target)
    if seen == nil, !evenIfAbsent {
      old = nil
      return true
    }
    let descriptor = try seen == nil ? SystemCalls.openDirectory(folder) : SystemCalls.openLockable(target)
    // Some file systems have no locks on folders; then only two that make the same new file at once are not kept apart.
    let isLocked = seen == nil ? (try? SystemCalls.lock(descriptor)) ?? true : try SystemCalls.lock(descriptor)
    old = try SystemCalls.status(path: target)
    let isCurrent = seen == nil ? old == nil : old.map(FileIdentity.init) == FileIdentity(descriptor: descriptor)
    if isLocked, isCurrent { lockDescriptor = descriptor } else { SystemCalls.close(descriptor) }
    return isLocked && isCurrent
  }
}
