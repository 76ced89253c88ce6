// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// Names, links, folders and owners, for `OutputFile` and `AtomicFile`.
extension SystemCalls {
  static func isFolder(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

  /// Splits a path into its folder and the name in it.
  package static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.utf8.index(after: slash)...]))
  }

  /// The path of an existing or future file with all symbolic links resolved, even one that leads to nothing yet.
  /// - Throws: `SystemCallError` with the path of the missing folder.
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

  /// The target of a symbolic link; nil if the path is not one.
  private static func link(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }

  /// Opens a file to lock it. Network file systems want a writable descriptor to lock, but not every file is writable.
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

  /// The names in a folder, in any order; none if it cannot be read.
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

  /// Gives a new file the mode of the old one, and its owner and group if the system allows that.
  static func keepOwnerAndMode(of old: stat, for descriptor: Int32) throws(SystemCallError) {
    let new = try status(descriptor)
    if new.st_uid != old.st_uid || new.st_gid != old.st_gid {
      if fchown(descriptor, old.st_uid, old.st_gid) != 0 { _ = fchown(descriptor, uid_t.max, old.st_gid) }
    }
    try setMode(descriptor, old.st_mode & 0o777)
  }

  /// Makes new names in a folder durable. Some file systems do not support it.
  static func synchronize(folder descriptor: Int32) throws(SystemCallError) {
    do { try synchronize(descriptor) } catch  where error.errno != EINVAL { throw error } catch {}
  }

  /// Throws if no file can be created in the folder.
  static func checkWritable(_ folder: String) throws(SystemCallError) {
    _ = try retrying("access", folder) { access(folder, W_OK | X_OK) }
  }

  static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds) * 1000) }

  /// Makes a folder that only its owner can access. Returns false if it exists already or cannot be made.
  static func makeFolder(_ path: String) -> Bool { mkdir(path, 0o700) == 0 }

  /// Removes an empty folder.
  static func removeFolder(_ path: String) { rmdir(path) }

  /// An environment variable; nil if it is not set or empty.
  package static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value[0] != 0 else { return nil }
    return String(cString: value)
  }
}
