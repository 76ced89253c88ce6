// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import System

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Which outputs are rejected, and who may write one.
@Suite struct OutputFileTests {
  private let folder = TemporaryFolder()
  private let kind = OutputFile.Kind.lines("a list", beginningWith: "one")
  private let binary = OutputFile.Kind(name: "a thing", takesStreams: false) { head, _ in head.first == 1 }

  /// Other names of one file: links in its folder and in another, a hard link, an indirect path.
  private func names(of name: String) -> [String] {
    _ = folder.makeFolder("b")
    symlink(name, folder.file("link"))
    symlink("../link", folder.file("b/link"))
    symlink("..", folder.file("b/up"))
    return ["link", "b/link", "b/up/\(name)", "b/../\(name)"].map(folder.file)
  }

  private func rule(_ path: String, _ kind: OutputFile.Kind? = nil, besides used: KeyValuePairs<String, String?> = [:])
    -> OutputError.Rule?
  {
    do throws(OutputError) {
      _ = try OutputFile(path, as: kind ?? self.kind, besides: used)
      return nil
    } catch {
      return error.rule
    }
  }

  @Test func anInputByAnyName() throws {
    let path = folder.write("a", "one")
    link(path, folder.file("hard"))
    for name in names(of: "a") + [folder.file("hard"), path] {
      #expect(rule(path, besides: ["--other": nil, "--input": name]) == .isUsed(by: "--input"), "\(name)")
      #expect(rule(name, besides: ["--input": path]) == .isUsed(by: "--input"), "\(name)")
    }
    #expect(rule(path, besides: ["--input": folder.write("c", "one")]) == nil)
    #expect(OutputError.Rule.isUsed(by: "--input").exitStatus == .usage)
  }

  @Test func twoOutputsThatAreNotThereYet() throws {
    for name in names(of: "a") {
      #expect(rule(name, besides: ["--first": folder.file("a")]) == .isUsed(by: "--first"), "\(name)")
    }
    #expect(rule(folder.file("c"), besides: ["--first": folder.file("a")]) == nil)
  }

  @Test func whatIsThereMustBeOfTheKind() throws {
    #expect(rule(folder.write("a", "one two")) == nil)
    #expect(rule(folder.write("a", "")) == nil)
    #expect(rule(folder.write("a", "two")) == .isOtherKind(wanted: "a list"))
    #expect(rule(folder.write("a", "on")) == .isOtherKind(wanted: "a list"))
    #expect(rule(folder.write("a", [UInt8](repeating: 7, count: 24)), .numbers(rowsOf: 3)) == nil)
    #expect(rule(folder.write("a", [UInt8](repeating: 7, count: 23)), .numbers(rowsOf: 3)) != nil)
    #expect(folder.names == ["a"])
  }

  @Test func whatIsNoFile() throws {
    _ = folder.makeFolder("b")
    for path in [folder.path, folder.file("b/"), folder.file("new/"), "/dev/assigner-test", folder.file("b/.")] {
      let found = rule(path)
      #expect(found == .isNoFile || found == .hasNoFolder(folder.file("new")), "\(path)")
    }
    for path in ["/dev/null", "/dev/full"] {
      #expect(rule(path, binary) == .isNoFile)
      #expect(rule(path) == nil)
    }
    #expect(rule("") == .hasNoName)
    #expect(rule(folder.file("no/such/file")) == .hasNoFolder(folder.file("no/such")))
    #expect(rule(folder.write("c", "one") + "/d") == .hasNoFolder(folder.file("c")))
    #expect(folder.names == ["b", "c"])
  }

  @Test func oneLockByAllNames() throws {
    let path = folder.write("a", "one")
    let names = names(of: "a")
    let before = folder.names
    do {
      let first = try OutputFile(path, as: kind)
      try first.lock()
      for name in names {
        let second = try OutputFile(name, as: kind)
        #expect(throws: OutputError(path: name, rule: .isLocked)) { try second.lock(patience: .zero) }
      }
      try first.lock()
    }
    for name in names { try OutputFile(name, as: kind).lock(patience: .zero) }
    #expect(folder.names == before)
  }

  @Test func aLockIsOfTheFileThatLiesThereNow() throws {
    let path = folder.write("a", "one")
    let late = try OutputFile(path, as: kind)
    do {
      let first = try OutputFile(path, as: kind)
      try first.lock()
      let file = try AtomicFile(first)
      try file.append(Array("one two".utf8))
      try file.commit()
      // The new file is locked from the start, too.
      #expect(throws: OutputError(path: path, rule: .isLocked)) { try late.lock(patience: .zero) }
    }
    try late.lock(patience: .zero)
    #expect(try late.isUnchanged())
  }

  @Test func aFileThatIsNotThereYetHasALockToo() throws {
    let path = folder.file("a")
    try OutputFile(path, as: kind).lock(patience: .zero)
    let (first, second) = (try OutputFile(path, as: kind), try OutputFile(path, as: kind))
    do {
      try first.lock(evenIfAbsent: true)
      #expect(throws: OutputError(path: path, rule: .isLocked)) { try second.lock(evenIfAbsent: true, patience: .zero) }
      let file = try AtomicFile(first)
      try file.append(Array("one".utf8))
      try file.commit()
    }
    #expect(folder.names == ["a"])
    #expect(!second.isThere)
  }

  @Test func otherNamesAreNotLeftBehind() throws {
    let path = folder.write("a", "one")
    link(path, folder.file("hard"))
    #expect(throws: OutputError(path: path, rule: .hasOtherNames)) { try OutputFile(path, as: kind).lock() }
    unlink(folder.file("hard"))
    try OutputFile(path, as: kind).lock()
  }

  @Test func whatIsSaidNamesTheFileAndWhatToDo() throws {
    for rule in [
      OutputError.Rule.isUsed(by: "the --input"), .isNoFile, .hasNoFolder("x"), .isOtherKind(wanted: "a list"), .hasOtherNames,
      .isLocked, .isChanged,
    ] {
      let text = OutputError(path: "out", rule: rule).description
      #expect(text.hasPrefix("out: ") && text.contains(": "))
      #expect(["name another file", "by a copy", "try again"].contains { text.contains($0) }, "\(text)")
    }
  }
}
