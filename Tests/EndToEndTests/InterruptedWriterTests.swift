// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Every system call that a writer makes after it has the lock is made to fail, or kills the writer. strace does both.
@Suite(.enabled(if: Strace.isThere, "there is no strace that may trace here")) struct InterruptedWriterTests {
  enum Writer: String, CaseIterable { case add, build, convert }

  /// A folder in which a writer runs repeatedly.
  private final class Bench {
    let folder = TemporaryFolder()
    let writer: Writer
    let old: [UInt8]
    private(set) var new: [UInt8] = []
    private(set) var calls: [Strace.Call] = []
    var target: String { folder.file("target") }
    var names: [String] { folder.names.filter { $0 != "rows" && $0 != "log" } }

    init(_ writer: Writer) throws {
      self.writer = writer
      // The output of `build` does not exist before.
      old = writer == .build ? [] : TemporaryFolder.read(writer == .add ? World.index : World.model)
      folder.write(
        "rows", writer == .build ? World.corpus.joined(separator: "\n") : "Sandbags wanted at the harbour #HarbourHelp\n")
      calls = try Strace.calls(program, arguments, log: folder.file("log"), prepare: restore)
      new = TemporaryFolder.read(target)
    }

    var program: String { writer == .convert ? "assigner-convert" : "assigner" }

    var arguments: [String] {
      switch writer {
      case .add: ["index", "add", "--index", target, "--input", folder.file("rows"), "--model", World.model, "--threads", "1"]
      case .build:
        ["index", "build", "--output", target, "--corpus", folder.file("rows"), "--model", World.model, "--threads", "1"]
      case .convert: ["--from", target, "--output", target]
      }
    }

    func restore() {
      if writer == .build { folder.removeFile("target") } else { folder.write("target", old) }
    }

    /// Whether the target is still the old file, or already the new one.
    var state: (isOld: Bool, isNew: Bool) {
      let bytes = TemporaryFolder.read(target)
      return (writer == .build ? !folder.names.contains("target") : bytes == old, bytes == new)
    }

    /// The next writer works, and removes the leftovers of a killed writer.
    func checkNext(after call: Strace.Call) throws {
      let next = try Program.run(program, arguments, input: "")
      #expect(next.status == 0, "after \(call): \(next.messages)")
      #expect(names == ["target"], "after \(call)")
    }
  }

  @Test(arguments: Writer.allCases) func killed(writer: Writer) throws {
    let bench = try Bench(writer)
    #expect(bench.calls.count > 10)
    var (before, after) = (0, 0)
    for call in bench.calls {
      bench.restore()
      let result = try Strace.run(bench.program, bench.arguments, at: call, "signal=KILL")
      #expect(result.status == -9, "\(call): \(result.messages)")
      let (isOld, isNew) = bench.state
      #expect(isOld || isNew, "killed at \(call)")
      if isNew { after += 1 } else { before += 1 }
      try bench.checkNext(after: call)
    }
    // Otherwise these are the wrong calls. (A model that is made again may be equal to the byte.)
    #expect(before > 5 && after > 0 || writer == .convert)
  }

  @Test(arguments: Writer.allCases, ["EIO", "ENOSPC"]) func failing(writer: Writer, error: String) throws {
    let bench = try Bench(writer)
    var failures = 0
    // Calls for memory do not concern files, and only some writers reserve room.
    let calls = bench.calls.filter { call in
      error == "EIO" ? !call.line.contains("MAP_ANONYMOUS") : ["openat", "write", "fsync", "rename"].contains(call.name)
    }
    for call in calls {
      bench.restore()
      let result = try Strace.run(bench.program, bench.arguments, at: call, "error=" + error)
      let (isOld, isNew) = bench.state
      #expect(isOld || isNew, "\(error) at \(call)")
      if result.status == 0 {
        #expect(isNew, "\(error) at \(call)")
      } else {
        failures += 1
        #expect([66, 74].contains(result.status), "\(error) at \(call): \(result.messages)")
        #expect(result.messages.contains("target") || result.messages.contains("rows"), "\(error) at \(call): \(result.messages)")
        // If synchronising the folder fails, the new file is already in place.
        #expect(isOld || call.name == "fsync", "\(error) at \(call)")
      }
      // The next writer removes a file that this one could not remove.
      if call.name.hasPrefix("unlink") {
        try bench.checkNext(after: call)
      } else {
        #expect(bench.names == (isOld && writer == .build ? [] : ["target"]), "\(error) at \(call)")
      }
    }
    #expect(failures > 3)
  }
}
