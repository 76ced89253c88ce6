// SPDX-License-Identifier: Apache-2.0
// System calls on files. Each is retried on EINTR and reads errno at once: between the call and the reading of errno, nothing may
// touch a Swift object, because releasing memory can overwrite errno.

import CSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

package enum SystemCalls {
  /// Repeats `body` while it is interrupted. A negative result throws.
  static func retrying<Result: SignedInteger>(
    _ call: String, _ path: String = "", _ body: () -> Result
  ) throws(SystemCallError) -> Result {
    while true {
      let result = body()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw SystemCallError(call: call, errno: code, path: path) }
    }
  }

  package static func openForReading(_ path: String) throws(SystemCallError) -> Int32 {
    // O_NONBLOCK: opening a FIFO must not wait for a writer; the caller rejects it afterwards. The flag has no effect on files.
    try retrying("open") { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
  }

  static func create(_ path: String, mode: mode_t) throws(SystemCallError) -> Int32 {
    try retrying("open", path) { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
  }

  package static func openDirectory(_ path: String) throws(SystemCallError) -> Int32 {
    try retrying("open", path) { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }

  package static func status(_ descriptor: Int32) throws(SystemCallError) -> stat {
    var status = stat()
    _ = try retrying("fstat") { fstat(descriptor, &status) }
    return status
  }

  /// The status of a path after following symbolic links; nil if nothing is there.
  package static func status(path: String) throws(SystemCallError) -> stat? {
    var status = stat()
    do {
      _ = try retrying("stat") { stat(path, &status) }
      return status
    } catch {
      if error.errno == ENOENT || error.errno == ENOTDIR { return nil }
      throw error
    }
  }

  package static func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

  /// Makes a private read-only memory map of `size` > 0 bytes. Some kernels and file systems refuse it.
  ///
  /// - Parameter path: the file's path, for the message if the file is overwritten while in use.
  package static func map(_ descriptor: Int32, size: Int, path: String) throws(SystemCallError) -> UnsafeRawPointer {
    var state = try status(descriptor)
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    let code = errno
    guard let address, address != MAP_FAILED else { throw SystemCallError(call: "mmap", errno: code) }
    assigner_add_map(address, size, path, &state)
    return UnsafeRawPointer(address)
  }

  package static func unmap(_ address: UnsafeRawPointer, size: Int) {
    assigner_remove_map(address)
    munmap(UnsafeMutableRawPointer(mutating: address), size)
  }

  /// Allocates memory aligned to `alignment`, a power of two.
  ///
  /// A file may ask for any size, and Swift's own allocation ends the program if there is too little memory; this throws.
  package static func allocate(_ size: Int, alignment: Int) throws(SystemCallError) -> UnsafeMutableRawBufferPointer {
    var address: UnsafeMutableRawPointer?
    let code = posix_memalign(&address, alignment, max(size, 1))
    guard code == 0, let address else { throw SystemCallError(call: "posix_memalign", errno: code) }
    return UnsafeMutableRawBufferPointer(start: address, count: size)
  }

  /// Frees memory from `allocate`.
  package static func deallocate(_ memory: UnsafeRawBufferPointer) {
    free(UnsafeMutableRawPointer(mutating: memory.baseAddress))
  }

  /// Reads until `buffer` is full or the file ends. Returns the number of bytes.
  package static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) throws(SystemCallError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = try retrying("read") { readOnce(descriptor, rest) }
      if count == 0 { break }
      done += count
    }
    return done
  }

  package static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) throws(SystemCallError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
      done += try retrying("write") { writeOnce(descriptor, rest) }
    }
  }

  package static func synchronize(_ descriptor: Int32) throws(SystemCallError) {
    _ = try retrying("fsync") { fsync(descriptor) }
  }

  package static func setMode(_ descriptor: Int32, _ mode: mode_t) throws(SystemCallError) {
    _ = try retrying("fchmod") { fchmod(descriptor, mode) }
  }

  package static func move(_ source: String, to target: String) throws(SystemCallError) {
    _ = try retrying("rename") { rename(source, target) }
  }

  package static func remove(_ path: String) { unlink(path) }

  /// Whether this process may read the file.
  package static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

  /// Takes the exclusive lock of a file without waiting. Returns false if another process has it.
  package static func lock(_ descriptor: Int32) throws(SystemCallError) -> Bool {
    do {
      _ = try retrying("flock") { flock(descriptor, LOCK_EX | LOCK_NB) }
      return true
    } catch {
      if error.errno == EWOULDBLOCK { return false }
      throw error
    }
  }

  /// Closes a descriptor. Never retried: Linux closes the descriptor even if it reports EINTR.
  package static func close(_ descriptor: Int32) {
    closeOnce(descriptor)
  }

  package static var processIdentifier: Int32 { getpid() }

  /// The path with symbolic links resolved; nil if it does not exist.
  package static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }
}

// The C library's functions have the names of the functions above, which hide them.
private func readOnce(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
}

private func writeOnce(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
  write(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
}

private func closeOnce(_ descriptor: Int32) { _ = close(descriptor) }
