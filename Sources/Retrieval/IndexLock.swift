// SPDX-License-Identifier: Apache-2.0

import System

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
    let descriptor: Int32
    do { descriptor = try SystemCalls.openLock(lock) } catch { throw .lock(path: lock, error) }
    do throws(SystemCallError) {
      if try SystemCalls.lock(descriptor) {
        self.descriptor = descriptor
        return
      }
    } catch {
      SystemCalls.close(descriptor)
      throw .lock(path: lock, error)
    }
    SystemCalls.close(descriptor)
    throw .locked(path: path)
  }

  deinit { SystemCalls.close(descriptor) }
}
