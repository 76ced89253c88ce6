// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// Names, links, folders and owners: what `OutputFile` and `AtomicFile` need beside reading and writing.
extension SystemCalls {
  static func isFolder(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

  /// The folder of a path and the name in it.
  package static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.utf8.index(after: slash)...]))
  }

  /// Where a file lies or would lie, without symbolic links, not even one that leads to nothing yet.
  /// - Throws: with the path of the folder that is not there.
  static func destination(of path: String) throws(SystemCallError) -> String {
    var path = path
    for _ in 0..<40 {
      if let real = resolved(path) { return real }
      let (folder, name) = split(path)
      if let link = link(path) {
        path = link.hasPrefix("/") ? link : folder + "/" + link
        continue
      }
      close(try openDirectory(folder))
      guard let real = resolved(folder) else { throw SystemCallError(call: "realpath", errno: ENOENT, path: folder) }
      return (real == "/" ? "" : real) + "/" + name
    }
    throw SystemCallError(call: "readlink", errno: ELOOP, path: path)
  }

  /// What a symbolic link says; nil for what is none.
  private static func link(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }

  /// A descriptor to take a lock of: network file systems want one that could write, and not every file may be written.
  static func openLockable(_ path: String) throws(SystemCallError) -> Int32 {
    let flags = O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
    do {
      return try retrying("open", path) { open(path, O_RDWR | flags) }
    } catch {
      return try retrying("open", path) { open(path, O_RDONLY | flags) }
    }
  }

  static func openForWriting(_ path: String) throws(SystemCallError) -> Int32 {
    try retrying("open", path) { open(path, O_WRONLY | O_CLOEXEC) }
  }

  /// The names in a folder, in any order; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  /// Gives a file that takes another's place its mode, and its owner and group as far as that is allowed.
  static func keepOwnerAndMode(of old: stat, for descriptor: Int32) throws(SystemCallError) {
    let new = try status(descriptor)
    if new.st_uid != old.st_uid || new.st_gid != old.st_gid {
      if fchown(descriptor, old.st_uid, old.st_gid) != 0 { _ = fchown(descriptor, uid_t.max, old.st_gid) }
    }
    try setMode(descriptor, old.st_mode & 0o777)
  }

  /// Makes a folder's new names last. Some file systems know nothing of that.
  static func synchronize(folder descriptor: Int32) throws(SystemCallError) {
    do { try synchronize(descriptor) } catch  where error.errno != EINVAL { throw error } catch {}
  }

  /// Refuses a folder in which nothing can be written.
  static func checkWritable(_ folder: String) throws(SystemCallError) {
    _ = try retrying("access", folder) { access(folder, W_OK | X_OK) }
  }

  static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }

  /// Makes a folder for its owner alone; false where there is one of that name or none can be made.
  static func makeFolder(_ path: String) -> Bool { mkdir(path, 0o700) == 0 }

  /// Removes an empty folder.
  static func removeFolder(_ path: String) { rmdir(path) }

  /// A variable of the environment; nil where it is not set or empty.
  package static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value[0] != 0 else { return nil }
    return String(cString: value)
  }
}
