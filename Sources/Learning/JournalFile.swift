// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A journal's descriptor, and the few system calls it takes. A symbolic link is followed.
///
/// Two programs share a journal by locks on the file itself (`fcntl`'s, of the open file), which the system gives back when
/// the program ends, however it ends: one byte for the program that learns with it, as long as it runs, another for whoever
/// appends to it, as long as that takes.
final class JournalFile: Sendable {
  enum Use {
    /// Reading alone.
    case list
    /// Reading, and adding what a person decides.
    case decide
    /// Learning: there is one such program at a time, and it makes the file where there is none.
    case learn
  }

  let path: String
  private let descriptor: Int32
  /// A character device takes what is written, and holds nothing to be read: /dev/null, /dev/full.
  let isDevice: Bool

  init(path: String, for use: Use) throws(JournalError) {
    self.path = path
    let flags = use == .list ? O_RDONLY : use == .decide ? O_RDWR : O_RDWR | O_CREAT
    let number = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
    guard number >= 0 else {
      let code = errno
      throw use == .learn
        ? .inputOutput(path: path, call: "open", errno: code) : .missing(path: path, errno: code)
    }
    descriptor = number
    var status = stat()
    guard fstat(number, &status) == 0 else { throw .inputOutput(path: path, call: "fstat", errno: errno) }
    isDevice = status.st_mode & S_IFMT == S_IFCHR
    guard isDevice || status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(path: path) }
    if use == .learn, !isDevice, !lock(Self.learner, waiting: false) { throw .inUse(path: path) }
  }

  deinit { close(descriptor) }

  // MARK: Locks

  /// The bytes that are locked lie where no journal ends.
  private static let learner = 1 << 62
  private static let appender = learner + 1
  /// F_OFD_SETLK and F_OFD_SETLKW, which the C library's headers show to some only.
  private static let (setLock, setLockWaiting): (Int32, Int32) = (37, 38)

  /// Calls `body` while no other program appends.
  func whileAppending<Result>(_ body: () throws -> Result) throws -> Result {
    if isDevice { return try body() }
    guard lock(Self.appender, waiting: true) else { throw JournalError.inputOutput(path: path, call: "fcntl", errno: errno) }
    defer { _ = lock(Self.appender, waiting: false, type: F_UNLCK) }
    return try body()
  }

  private func lock(_ place: Int, waiting: Bool, type: Int32 = Int32(F_WRLCK)) -> Bool {
    var range: flock = .init()
    range.l_type = Int16(type)
    range.l_whence = Int16(SEEK_SET)
    range.l_start = off_t(place)
    range.l_len = 1
    while fcntl(descriptor, waiting ? Self.setLockWaiting : Self.setLock, &range) != 0 {
      if errno != EINTR { return false }
    }
    return true
  }

  // MARK: Bytes

  var size: Int {
    get throws(JournalError) {
      if isDevice { return 0 }
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw .inputOutput(path: path, call: "fstat", errno: errno) }
      return Int(status.st_size)
    }
  }

  /// Up to `count` bytes from an offset on; fewer at the end of the file.
  func read(_ count: Int, at offset: Int) throws(JournalError) -> [UInt8] {
    var failure: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      while done < count {
        let number = pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
        if number > 0 {
          done += number
        } else if number == 0 {
          return
        } else if errno != EINTR {
          failure = errno
          return
        }
      }
    }
    if let failure { throw .inputOutput(path: path, call: "read", errno: failure) }
    return bytes
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(JournalError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { all -> Int in
        guard let base = all.baseAddress else { return 0 }
        return pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
      }
      if count > 0 { done += count } else if errno != EINTR { throw .inputOutput(path: path, call: "write", errno: errno) }
    }
  }

  func cut(to size: Int) throws(JournalError) {
    while !isDevice, ftruncate(descriptor, off_t(size)) != 0 {
      if errno != EINTR { throw .inputOutput(path: path, call: "ftruncate", errno: errno) }
    }
  }

  /// Returns when all that was written is on the disk.
  func synchronize() throws(JournalError) {
    while !isDevice, fdatasync(descriptor) != 0 {
      if errno != EINTR { throw .inputOutput(path: path, call: "fdatasync", errno: errno) }
    }
  }
}
