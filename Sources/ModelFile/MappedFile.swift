// SPDX-License-Identifier: Apache-2.0

import System

/// A file's bytes in memory while this object lives: a read-only memory map, or a copy if a map is refused or not wanted.
///
/// The map stays valid when the file is replaced by renaming, as `ContainerWriter` does. If a mapped file is cut or overwritten
/// in place, the program ends with a message; a copy is not affected.
package final class MappedFile: Sendable {
  /// Maps the first bytes of a descriptor.
  typealias Map = (Int32, Int) throws(SystemCallError) -> UnsafeRawPointer

  /// The bytes of the file, aligned to 64 bytes (a map to a page).
  ///
  /// The pointer does not keep this object alive, and the optimiser may release an object right after its last use. So code that
  /// reads through it must hold the object with `withExtendedLifetime`.
  package nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  /// Whether `bytes` is a map rather than a copy.
  package let isMapped: Bool
  /// Why the file was copied although a map was wanted.
  package let mapRefusal: SystemCallError?

  /// - Parameter mapping: false reads the file into memory without trying to map it.
  /// - Throws: `missingFile`, `notRegularFile`, `inputOutput` with the system call and its errno, or `fileSize` if the file
  ///   becomes shorter while it is read.
  package convenience init(path: String, mapping: Bool = true) throws(ContainerError) {
    try self.init(
      path: path,
      map: mapping
        ? { (descriptor, size) throws(SystemCallError) in
          try SystemCalls.map(descriptor, size: size, path: path)
        } : nil)
  }

  /// - Parameter map: the function that maps the file. If it is nil or throws, the file is read.
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

  /// A copy of bytes in memory, for tests that damage them.
  package init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: ContainerLayout.alignment)
    copy.copyBytes(from: bytes)
    self.bytes = UnsafeRawBufferPointer(copy)
    isMapped = false
    mapRefusal = nil
  }

  /// The size in bytes of the regular file at `path`, without reading it.
  package static func size(of path: String) throws(ContainerError) -> Int {
    let (descriptor, size) = try open(path)
    SystemCalls.close(descriptor)
    return size
  }

  /// A copy of all bytes.
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

  /// Opens a regular file and returns its descriptor and size.
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

  /// Reads the file's first `size` bytes into new memory.
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
