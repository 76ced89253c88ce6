// SPDX-License-Identifier: Apache-2.0

import ModelFile
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Several writers of one index, and its ownership.
@Suite struct WriterTests {
  private let folder = TemporaryFolder()

  private func add(_ path: String) throws -> Program {
    let program = try Program("assigner", ["index", "add", "--index", path, "--model", World.model, "--threads", "1"])
    program.send("Sandbags wanted at the harbour #HarbourHelp\n")
    return program
  }

  private func rows(_ path: String) throws -> Int {
    try JSONValue(parsing: Program.run("assigner", ["index", "stats", "--json", "--index", path], input: "").output).integer(
      "tweets")
  }

  @Test func nobodysRowsAreLost() throws {
    let path = folder.write("i", TemporaryFolder.read(World.index))
    let before = try rows(path)
    _ = folder.makeFolder("b")
    symlink("i", folder.file("link"))
    symlink("../i", folder.file("b/link"))
    symlink("..", folder.file("b/up"))
    let names = ["i", "link", "b/link", "b/up/i"].map(folder.file)
    let writers = try (0..<16).map { try add(names[$0 % names.count]) }
    for writer in writers {
      let result = try writer.finish()
      #expect(result.status == 0, "\(result.messages)")
    }
    #expect(try rows(path) == before + writers.count)
    #expect(try Program.run("assigner", ["verify", path], input: "").status == 0)
    #expect(folder.names == ["b", "i", "link"])
  }

  @Test func aHardLinkIsNotSplit() throws {
    let old = TemporaryFolder.read(World.index)
    let path = folder.write("i", old)
    link(path, folder.file("hard"))
    for name in ["i", "hard"] {
      let result = try add(folder.file(name)).finish()
      #expect(result.status == 74 && result.messages.contains("hard links"), "\(result.messages)")
    }
    let isUnchanged = TemporaryFolder.read(path) == old
    #expect(isUnchanged)
    #expect(folder.names == ["hard", "i"])
  }

  @Test(.enabled(if: getuid() == 0, "only root can leave files to others")) func whatRootDidShutsNobodyOut() throws {
    let path = folder.write("i", TemporaryFolder.read(World.index))
    #expect(chown(path, 65534, 65534) == 0 && chown(folder.path, 65534, 65534) == 0 && chmod(path, 0o600) == 0)
    chmod(World.folder.path, 0o755)
    #expect(try add(path).finish().status == 0)
    // Files that an older version left when root ran it, and files of a killed writer of root.
    for name in [".i.lock", ".assigner.1.0.part"] {
      _ = folder.write(name, "")
      chmod(folder.file(name), 0o644)
    }
    let model = World.model
    let words = ["--reuid=65534", "--regid=65534", "--clear-groups", try Program.locate("assigner")]
    let result = try Program.run(
      "/usr/bin/setpriv", words + ["index", "add", "--index", path, "--model", model], input: "Sandbags #HarbourHelp\n")
    // Other users may have no access to the folder of the tests.
    guard !result.messages.contains("setpriv:") else { return }
    #expect(result.status == 0, "\(result.messages)")
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_uid == 65534 && status.st_gid == 65534 && status.st_mode & 0o777 == 0o600)
    #expect(folder.names == [".i.lock", "i"])
  }
}
