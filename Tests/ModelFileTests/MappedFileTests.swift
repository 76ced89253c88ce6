// SPDX-License-Identifier: Apache-2.0

import System
import Testing
import TestSupport

@testable import ModelFile

/// The bytes of a file, mapped or read.
@Suite struct MappedFileTests {
  private let bytes = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  @Test func aRefusedMapIsACopy() throws {
    let folder = TemporaryFolder()
    let path = folder.file("a")
    try write(bytes, to: path)
    let refusal = SystemCallError(call: "mmap", errno: 19)
    let file = try MappedFile(path: path) { (_, _) throws(SystemCallError) in throw refusal }
    #expect(file.copy == bytes && !file.isMapped && file.mapRefusal == refusal)
    #expect("\(refusal)" == "mmap failed: no such device")
    let mapped = try MappedFile(path: path)
    #expect(mapped.copy == bytes && mapped.isMapped && mapped.mapRefusal == nil)
    let read = try MappedFile(path: path, mapping: false)
    #expect(read.copy == bytes && !read.isMapped && read.mapRefusal == nil)
    #expect(Int(bitPattern: read.bytes.baseAddress) % 64 == 0)
  }

  @Test func theSystemsRefusalIsReported() throws {
    #expect(throws: SystemCallError(call: "fstat", errno: 9)) { try SystemCalls.map(-1, size: 1, path: "a") }
    // An empty file cannot be mapped.
    let descriptor = try SystemCalls.openForReading("/dev/null")
    defer { SystemCalls.close(descriptor) }
    #expect(throws: SystemCallError(call: "mmap", errno: 22)) { try SystemCalls.map(descriptor, size: 0, path: "a") }
  }

  @Test func aFileThatShrinksWhileItIsReadIsAnError() throws {
    let folder = TemporaryFolder()
    let path = folder.file("a")
    try write(bytes, to: path)
    // The file is cut after its size was read, and before its bytes are.
    #expect(throws: ContainerError(path: path, offset: 1000, rule: .fileSize(recorded: 100_003, actual: 1000))) {
      try MappedFile(path: path) { (_, _) throws(SystemCallError) in
        try! write(Array(bytes.prefix(1000)), to: path)
        throw SystemCallError(call: "mmap", errno: 12)
      }
    }
  }

  @Test func whatIsNoFileIsRefusedByName() {
    let folder = TemporaryFolder()
    let path = folder.path
    #expect(throws: ContainerError(path: "/dev/null", rule: .notRegularFile)) { try MappedFile(path: "/dev/null") }
    #expect(throws: ContainerError(path: path, rule: .notRegularFile)) { try MappedFile.size(of: path) }
    let absent = folder.file("absent")
    #expect(throws: ContainerError(path: absent, rule: .missingFile(errno: 2))) {
      try MappedFile(path: absent, mapping: false)
    }
  }

  @Test func anEmptyFileNeedsNoMap() throws {
    let folder = TemporaryFolder()
    let path = folder.file("a")
    try write([], to: path)
    let file = try MappedFile(path: path)
    #expect(file.bytes.isEmpty && file.mapRefusal == nil)
    try write([1, 2, 3], to: path)
    #expect(try MappedFile.size(of: path) == 3)
  }
}
