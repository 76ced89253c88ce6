/// A file's bytes in memory for as long as this object lives: a read-only map, or a copy where a map is refused.
///
/// The map stays whole when the file is replaced by rename, which is how `ContainerWriter` replaces one. (A file cut in
/// place while mapped raises SIGBUS, as with every memory map; nothing here does that.)
package final class MappedFile: Sendable {
  /// Begins at a multiple of 64 (a page, for a map). A bare pointer keeps nothing alive: the optimiser may release an
  /// object right after its last use, so whoever reads through this holds the object by `withExtendedLifetime`.
  package nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  /// Whether `bytes` is a map rather than a copy.
  package let isMapped: Bool

  /// - Parameter mapping: false reads the file into memory without trying to map it.
  package init(path: String, mapping: Bool = true) throws(ContainerError) {
    do {
      let descriptor = try SystemCalls.openForReading(path)
      defer { SystemCalls.close(descriptor) }
      let status = try SystemCalls.status(descriptor)
      guard SystemCalls.isRegular(status) else { throw ContainerError(path: path, rule: .notRegularFile) }
      let size = Int(status.st_size)
      if mapping, let address = SystemCalls.map(descriptor, size: size) {
        bytes = UnsafeRawBufferPointer(start: address, count: size)
        isMapped = true
        return
      }
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: ContainerLayout.alignment)
      do {
        let count = try SystemCalls.read(descriptor, into: copy)
        guard count == size else {
          throw ContainerError(path: path, offset: count, rule: .fileSize(recorded: UInt64(size), actual: count))
        }
      } catch {
        copy.deallocate()
        throw error
      }
      bytes = UnsafeRawBufferPointer(copy)
      isMapped = false
    } catch let error as SystemCallError {
      throw ContainerError(path: path, error)
    } catch let error as ContainerError {
      throw error
    } catch {
      fatalError("only the two errors above are thrown")
    }
  }

  /// A copy of bytes that are in memory already: what the tests damage by the thousand.
  package init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: ContainerLayout.alignment)
    copy.copyBytes(from: bytes)
    self.bytes = UnsafeRawBufferPointer(copy)
    isMapped = false
  }

  /// All bytes, copied.
  package var copy: [UInt8] {
    withExtendedLifetime(self) { Array(bytes) }
  }

  deinit {
    if isMapped, let address = bytes.baseAddress {
      SystemCalls.unmap(address, size: bytes.count)
    } else {
      bytes.deallocate()
    }
  }
}

extension ContainerError {
  init(path: String, _ error: SystemCallError) {
    self.init(
      path: path,
      rule: error.isMissingFile
        ? .missingFile(errno: error.errno) : .inputOutput(call: error.call, errno: error.errno))
  }
}
