// SPDX-License-Identifier: Apache-2.0

import System

/// A file's bytes in memory for as long as this object lives: a read-only map, or a copy where a map is refused or not
/// wished for.
///
/// The map stays whole when the file is replaced by rename, which is how `ContainerWriter` replaces one. (A file that is
/// cut or written over in place while mapped ends the program with a message; a copy does not mind.)
package final class MappedFile: Sendable {
  /// Makes a map of a descriptor's first bytes.
  typealias Map = (Int32, Int) throws(SystemCallError) -> UnsafeRawPointer

  /// Begins at a multiple of 64 (a page, for a map). A bare pointer keeps nothing alive: the optimiser may release an
  /// object right after its last use, so whoever reads through this holds the object by `withExtendedLifetime`.
  package nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  /// Whether `bytes` is a map rather than a copy.
  package let isMapped: Bool
  /// Why the map that was wished for is a copy.
  package let mapRefusal: SystemCallError?

  /// - Parameter mapping: false reads the file into memory without trying to map it.
  /// - Throws: `missingFile`, `notRegularFile`, `inputOutput` with the system call and its errno, or `fileSize` for a file
  ///   that becomes shorter while it is read.
  package convenience init(path: String, mapping: Bool = true) throws(ContainerError) {
    try self.init(
      path: path,
      map: mapping
        ? { (descriptor, size) throws(SystemCallError) in
          try SystemCalls.map(descriptor, size: size, path: path)
        } : nil)
  }

  /// - Parameter map: nil reads the file; what it throws leads to reading the file, too.
  init(path: String, map: Map?) throws(ContainerError) {
    let descriptor: Int32
    let size: Int
    (descriptor, size) = try Self.open(path)
    defer { SystemCalls.close(descriptor) }
    var refusal: SystemCallError?
    if let map, size > 0 {
      do throws(SystemCallError) {
        bytes = UnsafeRawBufferPointer(start: try map(descriptor, size), count: size)
        isMapped = true
        mapRefusal = nil
        return
      } catch {
        refusal = error
      }
    }
    bytes = try Self.copy(descriptor, size: size, path: path)
    isMapped = false
    mapRefusal = refusal
  }

  /// A copy of bytes that are in memory already: what the tests damage by the thousand.
  package init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: ContainerLayout.alignment)
    copy.copyBytes(from: bytes)
    self.bytes = UnsafeRawBufferPointer(copy)
    isMapped = false
    mapRefusal = nil
  }

  /// Bytes of the regular file at `path`, without reading it.
  package static func size(of path: String) throws(ContainerError) -> Int {
    let (descriptor, size) = try open(path)
    SystemCalls.close(descriptor)
    return size
  }

  /// All bytes, copied.
  package var copy: [UInt8] {
    withExtendedLifetime(self) { Array(bytes) }
  }

  deinit {
    if isMapped, let address = bytes.baseAddress {
      SystemCalls.unmap(address, size: bytes.count)
    } else {
      SystemCalls.deallocate(bytes)
    }
  }

  /// The descriptor and the size of a regular file.
  private static func open(_ path: String) throws(ContainerError) -> (descriptor: Int32, size: Int) {
    do throws(SystemCallError) {
      let descriptor = try SystemCalls.openForReading(path)
      do throws(SystemCallError) {
        let status = try SystemCalls.status(descriptor)
        if SystemCalls.isRegular(status) { return (descriptor, Int(status.st_size)) }
      } catch {
        SystemCalls.close(descriptor)
        throw error
      }
      SystemCalls.close(descriptor)
    } catch {
      throw ContainerError(path: path, error)
    }
    throw ContainerError(path: path, rule: .notRegularFile)
  }

  /// The file's first `size` bytes in memory of our own.
  private static func copy(_ descriptor: Int32, size: Int, path: String) throws(ContainerError) -> UnsafeRawBufferPointer {
    let copy: UnsafeMutableRawBufferPointer
    let count: Int
    do throws(SystemCallError) {
      copy = try SystemCalls.allocate(size, alignment: ContainerLayout.alignment)
      do throws(SystemCallError) {
        count = try SystemCalls.read(descriptor, into: copy)
      } catch {
        SystemCalls.deallocate(UnsafeRawBufferPointer(copy))
        throw error
      }
    } catch {
      throw ContainerError(path: path, error)
    }
    guard count == size else {
      SystemCalls.deallocate(UnsafeRawBufferPointer(copy))
      throw ContainerError(path: path, offset: count, rule: .fileSize(recorded: UInt64(size), actual: count))
    }
    return UnsafeRawBufferPointer(copy)
  }
}
