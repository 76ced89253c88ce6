// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps a second writer away from an index, from reading the old one to renaming the new one; otherwise the slower of
/// two `index add` would silently undo the other. Readers need no lock.
///
/// The lock is `flock` on a file of its own (`.NAME.lock` beside the index), because the index itself is replaced by
/// every write. The system gives it back when the program ends, however it ends; the empty file stays, since removing it
/// would let two programs lock two different files.
package final class IndexLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock without waiting.
  /// - Throws: `locked` if another program (or object) holds it, `lock` if the file cannot be made.
  package init(path: String) throws(RetrievalError) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let name = slash.map { path.utf8.index(after: $0) } ?? path.startIndex
    let lock = "\(path[..<name]).\(path[name...]).lock"
    let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw .lock(path: lock, errno: errno) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let reason = errno
      if reason == EINTR { continue }
      close(descriptor)
      throw reason == EWOULDBLOCK ? .locked(path: path) : .lock(path: lock, errno: reason)
    }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }
}
