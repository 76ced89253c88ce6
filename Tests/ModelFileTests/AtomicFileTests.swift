// SPDX-License-Identifier: Apache-2.0

import Foundation
import System
import Testing
import TestSupport

@testable import ModelFile

@Suite struct AtomicFileTests {
  @Test func aFailureLeavesTheOldFileAndNothingElse() throws {
    let folder = TemporaryFolder()
    try write([1, 2, 3], to: folder.file("a"))
    var during: [String] = []
    #expect(throws: ContainerError(path: folder.file("a"), rule: .inputOutput(call: "write", errno: ENOSPC))) {
      try AtomicFile.write(to: folder.file("a")) { (append) throws(ContainerError) in
        [UInt8](repeating: 9, count: 100).withUnsafeBytes { try? append($0) }
        during = folder.names
        throw ContainerError(path: folder.file("a"), rule: .inputOutput(call: "write", errno: ENOSPC))
      }
    }
    #expect(during.count == 2)
    #expect(folder.names == ["a"])
    #expect(try read(folder.file("a")) == [1, 2, 3])
  }

  /// What a killed writer leaves: the old file is whole while the new one grows beside it, and the next writer is not
  /// in its way.
  @Test func theOldFileIsWholeUntilTheRename() throws {
    let folder = TemporaryFolder()
    try write([1, 2, 3], to: folder.file("a"))
    try AtomicFile.write(to: folder.file("a")) { (append) throws(ContainerError) in
      [UInt8](repeating: 9, count: 100).withUnsafeBytes { try? append($0) }
      let whileWriting = try? read(folder.file("a"))
      #expect(whileWriting == [1, 2, 3])
      // A second writer at the same time takes another name.
      #expect(throws: Never.self) { try AtomicFile.write([4], to: folder.file("a")) }
    }
    #expect(try read(folder.file("a")) == [UInt8](repeating: 9, count: 100))
    #expect(folder.names == ["a"])
  }

  @Test func modeAndLinksAreKept() throws {
    let folder = TemporaryFolder()
    try write([1], to: folder.file("real"))
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.file("real"))
    try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "real")
    try AtomicFile.write([2], to: folder.file("link"))
    #expect(try read(folder.file("real")) == [2])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == "real")
    let mode = try FileManager.default.attributesOfItem(atPath: folder.file("real"))[.posixPermissions] as? Int
    #expect(mode == 0o640)
  }

  @Test func whatIsNoFileIsNotReplaced() throws {
    let folder = TemporaryFolder()
    func code(_ path: String) -> (String, ProcessExit)? {
      do { try AtomicFile.write([1], to: path) } catch { return (error.rule.code, error.exitStatus) }
      return nil
    }
    #expect(try #require(code("/dev/null")) == ("not-replaceable", .inputOutput))
    #expect(try #require(code(folder.path)) == ("not-replaceable", .inputOutput))
    #expect(try #require(code(folder.file("absent/a"))) == ("input-output", .inputOutput))
    #expect(folder.names.isEmpty)
  }
}
