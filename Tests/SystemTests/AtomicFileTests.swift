// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import System

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is left after a file was committed, and after it was not.
@Suite struct AtomicFileTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.file("a") }

  private func start(_ path: String) throws -> AtomicFile {
    try AtomicFile(OutputFile(path, as: .lines("a list", beginningWith: "one")))
  }

  private func write(_ text: String, to path: String) throws {
    let file = try start(path)
    try file.append(Array(text.utf8))
    try file.commit()
  }

  @Test func withoutACommitNothingIsLeft() throws {
    folder.write("a", "one")
    do {
      let file = try start(path)
      try file.append(Array("one two".utf8))
      #expect(folder.names.count == 2)
      #expect(TemporaryFolder.read(path) == Array("one".utf8))
    }
    #expect(folder.names == ["a"])
    #expect(TemporaryFolder.read(path) == Array("one".utf8))
  }

  @Test func theOldFileIsWholeUntilTheCommit() throws {
    folder.write("a", "one")
    let first = try start(path)
    try first.append(Array("one two".utf8))
    // A second writer at the same time takes another name, and leaves the first one's temporary file alone.
    try write("one three", to: path)
    #expect(TemporaryFolder.read(path) == Array("one three".utf8))
    try first.commit()
    #expect(TemporaryFolder.read(path) == Array("one two".utf8))
    #expect(folder.names == ["a"])
  }

  @Test func whatAKilledWriterLeftIsCollected() throws {
    // Files of this writer and of another one, and files with similar names.
    for name in [".assigner.1.0.part", ".assigner.999999.3.part", ".assigner.part.txt", "other.part"] {
      folder.write(name, "half")
    }
    _ = folder.makeFolder(".assigner.2.0.part")
    try write("one", to: path)
    #expect(folder.names == [".assigner.2.0.part", ".assigner.part.txt", "a", "other.part"])
  }

  @Test func ownerModeAndLinksStay() throws {
    folder.write("a", "one")
    chmod(path, 0o640)
    let isRoot = getuid() == 0
    if isRoot { #expect(chown(path, 65534, 65533) == 0) }
    symlink("a", folder.file("link"))
    try write("one two", to: folder.file("link"))
    #expect(TemporaryFolder.read(path) == Array("one two".utf8))
    #expect(folder.names == ["a", "link"])
    let status = try #require(try SystemCalls.status(path: path))
    #expect(status.st_mode & 0o777 == 0o640)
    if isRoot { #expect(status.st_uid == 65534 && status.st_gid == 65533) }
  }

  @Test func aLinkToNothingStaysALink() throws {
    _ = folder.makeFolder("b")
    symlink("b/new", folder.file("link"))
    try write("one", to: folder.file("link"))
    #expect(TemporaryFolder.read(folder.file("b/new")) == Array("one".utf8))
    try write("one two", to: folder.file("link"))
    #expect(TemporaryFolder.read(folder.file("b/new")) == Array("one two".utf8))
    #expect(folder.names == ["b", "link"])
  }

  @Test func aStreamIsWrittenStraight() throws {
    try write("one", to: "/dev/null")
    #expect(throws: OutputError(path: "/dev/full", rule: .systemCall(SystemCallError(call: "write", errno: ENOSPC)))) {
      try write("one", to: "/dev/full")
    }
  }

  @Test func anotherFileMeanwhileIsLeftAlone() throws {
    folder.write("a", "one")
    let output = try OutputFile(path, as: .lines("a list", beginningWith: "one"))
    try output.lock()
    let file = try AtomicFile(output)
    folder.write("b", "something else")
    rename(folder.file("b"), path)
    #expect(throws: OutputError(path: path, rule: .isChanged)) { try file.commit() }
    #expect(TemporaryFolder.read(path) == Array("something else".utf8))
  }
}
