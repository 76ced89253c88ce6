// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that one program keeps and others may add to. A symbolic link is followed.
///
/// They share it by locks on the file itself (`fcntl`'s, of the open file), which the system gives back when the program
/// ends, however it ends: one byte for the program that keeps it, as long as it runs, another for whoever adds to it, as
/// long as that takes.
package final class SharedFile: Sendable {
  package enum Use: Sendable {
    /// Reading alone.
    case read
    /// Reading and adding.
    case add
    /// Keeping: there is one such program at a time, and it makes the file, its owner's alone, where there is none.
    case keep
  }

  package let path: String
  private let descriptor: Int32
  private let mode: mode_t

  package init(path: String, for use: Use) throws(SystemCallError) {
    self.path = path
    let flags = use == .read ? O_RDONLY : use == .add ? O_RDWR : O_RDWR | O_CREAT
    let descriptor = try SharedFile.retrying("open", path) {
      Int(open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600))
    }
    self.descriptor = Int32(descriptor)
    mode = try SystemCalls.status(Int32(descriptor)).st_mode & S_IFMT
  }

  deinit { SystemCalls.close(descriptor) }

  package var isRegular: Bool { mode == S_IFREG }

  /// A character device takes what is written, and holds nothing to be read: /dev/null, /dev/full.
  package var isDevice: Bool { mode == S_IFCHR }

  // MARK: Locks

  /// The bytes that are locked lie where no file ends.
  private static let keeper = 1 << 62
  private static let adder = keeper + 1
  /// F_OFD_SETLK and F_OFD_SETLKW, which the C library's headers show to some only.
  private static let (setLock, setLockWaiting): (Int32, Int32) = (37, 38)

  /// Becomes the one program that keeps the file; false where there is another.
  package func keep() throws(SystemCallError) -> Bool {
    do throws(SystemCallError) {
      try lock(Self.keeper, Self.setLock, F_WRLCK)
      return true
    } catch {
      if error.errno == EAGAIN || error.errno == EACCES { return false }
      throw error
    }
  }

  /// Lets another program keep the file.
  package func letGo() { try? lock(Self.keeper, Self.setLock, F_UNLCK) }

  /// Calls `body` while no other program adds to the file.
  package func whileAdding<Result>(_ body: () throws -> Result) throws -> Result {
    if isDevice { return try body() }
    try lock(Self.adder, Self.setLockWaiting, F_WRLCK)
    defer { try? lock(Self.adder, Self.setLock, F_UNLCK) }
    return try body()
  }

  private func lock(_ place: Int, _ command: Int32, _ type: some BinaryInteger) throws(SystemCallError) {
    var range: flock = .init()
    range.l_type = Int16(type)
    range.l_whence = Int16(SEEK_SET)
    range.l_start = off_t(place)
    range.l_len = 1
    _ = try Self.retrying("fcntl", path) { Int(fcntl(descriptor, command, &range)) }
  }

  // MARK: Bytes

  /// 0 for a device.
  package var size: Int {
    get throws(SystemCallError) { isDevice ? 0 : Int(try SystemCalls.status(descriptor).st_size) }
  }

  /// Up to `count` bytes from an offset on; fewer at the end of the file.
  package func read(_ count: Int, at offset: Int) throws(SystemCallError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let number = try Self.retrying("read", path) {
        bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress.map { $0 + done }, count - done, off_t(offset + done)) }
      }
      if number == 0 { break }
      done += number
    }
    return Array(bytes.prefix(done))
  }

  package func write(_ bytes: [UInt8], at offset: Int) throws(SystemCallError) {
    var done = 0
    while done < bytes.count {
      done += try Self.retrying("write", path) {
        bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done)) }
      }
    }
  }

  package func cut(to size: Int) throws(SystemCallError) {
    if !isDevice { _ = try Self.retrying("ftruncate", path) { Int(ftruncate(descriptor, off_t(size))) } }
  }

  /// Returns when all that was written is on the disk.
  package func synchronize() throws(SystemCallError) {
    if !isDevice { _ = try Self.retrying("fdatasync", path) { Int(fdatasync(descriptor)) } }
  }

  private static func retrying(_ call: String, _ path: String, _ body: () -> Int) throws(SystemCallError) -> Int {
    while true {
      let result = body()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw SystemCallError(call: call, errno: code, path: path) }
    }
  }
}
