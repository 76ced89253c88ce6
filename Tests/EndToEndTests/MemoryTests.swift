// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reading files instead of mapping them, and the limit on resident memory.
@Suite struct MemoryTests {
  private static let models = [
    "--model", ProjectFolder.file("Models/assigner.model"), "--index", ProjectFolder.file("Models/assigner.index"),
  ]

  @Test func readFilesGiveTheSameBytesAsMappedOnes() throws {
    let input = World.corpus.joined(separator: "\n") + "\n"
    let options = ["--format", "json", "--explain"]
    let mapped = try Program.run("assigner", options + World.arguments(), input: input)
    let read = try Program.run("assigner", options + ["--no-mmap"] + World.arguments(), input: input)
    #expect(mapped.status == 0 && mapped.lines.count == World.corpus.count)
    #expect(read.status == 0 && read.output == mapped.output && read.messages == "")
  }

  @Test func aFileThatFitsNoMemoryIsAnError() throws {
    let folder = TemporaryFolder()
    let path = folder.write("large", "")
    try #require(truncate(path, 1 << 36) == 0)
    // 4 GiB of address space have room for neither a map nor a copy of 64 GiB.
    let result = try Program.run(
      "/bin/sh", ["-c", "ulimit -v 4194304; exec \"$0\" \"$@\"", Program.locate("assigner"), "--model", path, "--index", path])
    #expect(result.status == 74 && result.output == [])
    #expect(
      result.messages == "assigner: error: \(path): posix_memalign failed: cannot allocate memory: free memory, or allow more\n")
  }

  @Test func tooLittleMemoryIsRefusedWithWhatIsNeededAndWhatHelps() throws {
    let input = "Flood in Kerala\n"
    for options in [[], ["--no-mmap"]] {
      let result = try Program.run("assigner", ["--max-memory", "100K"] + options + World.arguments(), input: input)
      #expect(result.status == 78 && result.output == [])
      #expect(result.messages.hasPrefix("assigner: error: --max-memory: 0.1 MiB allowed, "))
      for part in ["model", "index", "the program itself", "use a smaller index"] { #expect(result.messages.contains(part)) }
    }
    let helped = try Program.run("assigner", ["--max-memory", "64M", "--threads", "200"] + World.arguments(), input: input)
    #expect(helped.status == 78 && helped.messages.contains("it fits with --threads "))
    #expect(try Program.run("assigner", ["--max-memory", "1G"] + World.arguments(), input: input).status == 0)
    #expect(try Program.run("assigner", ["--max-memory", "much"] + World.arguments(), input: input).status == 64)
  }

  /// Compares the memory that is counted before loading with the memory in use, with the default model and index.
  @Test(arguments: [["--no-mmap"], []], [1, 3]) func thePlanIsWhatIsTaken(options: [String], threads: Int) throws {
    let arguments = options + ["--threads", "\(threads)"] + Self.models
    var planned = try Self.need(arguments, limit: 1 << 20)
    // For files that are read, their size alone is checked first.
    if !options.isEmpty { planned = try Self.need(arguments, limit: planned + (1 << 20)) }

    // The memory at the start differs a little from run to run.
    let program = try Program("assigner", ["--max-memory", "\(planned + (2 << 20))"] + arguments)
    // Many different words, so that the program reads much of a mapped model.
    let tweets = Self.tweets(48)
    program.send(tweets.joined(separator: "\n") + "\n")
    _ = try program.lines(tweets.count, seconds: 120)
    let taken = program.peakMemory
    #expect(try program.finish().status == 0)
    let both = "\(taken >> 10) KiB taken, \(planned >> 10) KiB planned"
    #expect(taken > 0 && taken <= planned, "\(both)")
    // The parts of a mapped file that these tweets do not need are not resident.
    #expect(Double(planned) <= Double(taken) * (options.isEmpty ? 1.3 : 1.12), "\(both)")
    #expect(taken <= 128 << 20)
  }

  /// The default int8 model and index: a tweet has the same answer alone and in a batch, with any number of threads.
  @Test func theDefaultModelAnswersAlikeAloneAndTogether() throws {
    let tweets = Self.tweets(10) + World.corpus.prefix(6) + ["", "Fire"]
    let options = ["--format", "json", "--explain"] + Self.models
    let program = try Program("assigner", options + ["--threads", "1"])
    for (place, tweet) in tweets.enumerated() {
      program.send(tweet + "\n")
      _ = try program.lines(place + 1)
    }
    let alone = try program.finish()
    #expect(alone.status == 0 && alone.lines.count == tweets.count)
    for threads in 1...3 {
      let together = try Program.run(
        "assigner", options + ["--threads", "\(threads)"], input: tweets.joined(separator: "\n") + "\n")
      #expect(together.output == alone.output, "\(threads) threads")
    }
  }

  @Test func fewerThreadsThanAskedForDoAllTheWork() throws {
    let input = World.corpus.joined(separator: "\n") + "\n"
    let expected = try Program.run("assigner", World.arguments(), input: input).output
    // The stack of a thread takes 1 GiB, and the address space has 3 GiB.
    let result = try Program.run(
      "/bin/sh",
      ["-c", "ulimit -s 1048576; ulimit -v 3145728; exec \"$0\" \"$@\"", Program.locate("assigner"), "--threads", "9"]
        + World.arguments(), input: input)
    #expect(result.status == 0 && result.output == expected && result.messages == "")
  }

  /// The bytes that the message says are needed.
  private static func need(_ arguments: [String], limit: Int) throws -> Int {
    let refusal = try Program.run("assigner", ["--max-memory", "\(limit)"] + arguments, input: "")
    let words = refusal.messages.split(separator: " ")
    let place = try #require(words.firstIndex(of: "needed:"), "\(refusal.messages)")
    return Int(try #require(Double(words[place - 3])) * 1_048_576)
  }

  /// Tweets of words made of syllables, the same in every run.
  private static func tweets(_ count: Int) -> [String] {
    let syllables: [String] = [
      "wa", "ter", "ris", "ing", "near", "the", "bridge", "ke", "ra", "la", "storm", "fire", "res", "cue", "ho", "tel",
      "qua", "ke", "ne", "pal",
    ]
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    return (0..<count).map { _ in
      (0..<12).map { _ in (0...next(3)).map { _ in syllables[next(syllables.count)] }.joined() }.joined(separator: " ")
    }
  }
}
