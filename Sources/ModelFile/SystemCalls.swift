// SPDX-License-Identifier: Apache-2.0
// Every system call of this room, retried on EINTR and with errno taken at once (nothing that touches a Swift object may
// run between the call and the reading of errno, since releasing memory can overwrite it).

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A system call that failed: its name and errno.
package struct SystemCallError: Error, Equatable, Sendable, CustomStringConvertible {
  package let call: String
  package let errno: Int32

  package var description: String { "\(call) failed: \(SystemCalls.message(errno))" }
  /// Whether the file is absent or may not be opened, rather than broken while in use.
  package var isMissingFile: Bool { call == "open" && SystemCalls.missing.contains(errno) }
}

enum SystemCalls {
  static let missing: Set<Int32> = [ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG, ENXIO, ENODEV]

  static func message(_ errno: Int32) -> String {
    guard let text = strerror(errno) else { return "error \(errno)" }
    return String(cString: text)
  }

  /// Runs `body` until it is not interrupted; a negative result throws.
  private static func retrying<Result: SignedInteger>(
    _ call: String, _ body: () -> Result
  ) throws(SystemCallError) -> Result {
    while true {
      let result = body()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw SystemCallError(call: call, errno: code) }
    }
  }

  static func openForReading(_ path: String) throws(SystemCallError) -> Int32 {
    // O_NONBLOCK: opening a FIFO must not wait for a writer; it is refused afterwards. It means nothing for files.
    try retrying("open") { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
  }

  static func create(_ path: String) throws(SystemCallError) -> Int32 {
    try retrying("open") { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
  }

  static func openDirectory(_ path: String) throws(SystemCallError) -> Int32 {
    try retrying("open") { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }

  static func status(_ descriptor: Int32) throws(SystemCallError) -> stat {
    var status = stat()
    _ = try retrying("fstat") { fstat(descriptor, &status) }
    return status
  }

  /// Follows symbolic links; nil where there is nothing.
  static func status(path: String) throws(SystemCallError) -> stat? {
    var status = stat()
    do {
      _ = try retrying("stat") { stat(path, &status) }
      return status
    } catch {
      if error.errno == ENOENT { return nil }
      throw error
    }
  }

  static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

  /// A private read-only map of `size` bytes, more than 0. Some kernels and file systems refuse one.
  static func map(_ descriptor: Int32, size: Int) throws(SystemCallError) -> UnsafeRawPointer {
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    let code = errno
    guard let address, address != MAP_FAILED else { throw SystemCallError(call: "mmap", errno: code) }
    return UnsafeRawPointer(address)
  }

  static func unmap(_ address: UnsafeRawPointer, size: Int) {
    munmap(UnsafeMutableRawPointer(mutating: address), size)
  }

  /// Memory that begins at a multiple of `alignment`, a power of two. Swift's own allocation ends the program where there
  /// is too little memory, and how much is asked for is what a file's size says.
  static func allocate(_ size: Int, alignment: Int) throws(SystemCallError) -> UnsafeMutableRawBufferPointer {
    var address: UnsafeMutableRawPointer?
    let code = posix_memalign(&address, alignment, max(size, 1))
    guard code == 0, let address else { throw SystemCallError(call: "posix_memalign", errno: code) }
    return UnsafeMutableRawBufferPointer(start: address, count: size)
  }

  /// Gives back what `allocate` gave.
  static func deallocate(_ memory: UnsafeRawBufferPointer) {
    free(UnsafeMutableRawPointer(mutating: memory.baseAddress))
  }

  /// Reads until `buffer` is full or the file ends; returns how much there was.
  static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(SystemCallError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      #if canImport(Glibc)
        let count = try retrying("read") { Glibc.read(descriptor, rest.baseAddress, min(rest.count, 1 << 30)) }
      #elseif canImport(Musl)
        let count = try retrying("read") { Musl.read(descriptor, rest.baseAddress, min(rest.count, 1 << 30)) }
      #else
        let count = try retrying("read") { Darwin.read(descriptor, rest.baseAddress, min(rest.count, 1 << 30)) }
      #endif
      if count == 0 { break }
      done += count
    }
    return done
  }

  static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) throws(SystemCallError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
      #if canImport(Glibc)
        done += try retrying("write") { Glibc.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30)) }
      #elseif canImport(Musl)
        done += try retrying("write") { Musl.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30)) }
      #else
        done += try retrying("write") { Darwin.write(descriptor, rest.baseAddress, min(rest.count, 1 << 30)) }
      #endif
    }
  }

  static func synchronize(_ descriptor: Int32) throws(SystemCallError) {
    _ = try retrying("fsync") { fsync(descriptor) }
  }

  static func setMode(_ descriptor: Int32, _ mode: mode_t) throws(SystemCallError) {
    _ = try retrying("fchmod") { fchmod(descriptor, mode) }
  }

  static func move(_ source: String, to target: String) throws(SystemCallError) {
    _ = try retrying("rename") { rename(source, target) }
  }

  static func remove(_ path: String) { unlink(path) }

  /// After EINTR, Linux has closed the descriptor all the same: closing is never retried.
  static func close(_ descriptor: Int32) {
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #elseif canImport(Musl)
      _ = Musl.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
  }

  static var processIdentifier: Int32 { getpid() }

  /// The path without symbolic links, nil if it does not exist.
  static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }
}

extension ContainerError {
  /// Whether there is nothing of that name, rather than something that cannot be opened.
  package var isAbsentFile: Bool { rule == .missingFile(errno: ENOENT) }
}

extension SystemCallError {
  var alreadyExists: Bool { errno == EEXIST }
}
