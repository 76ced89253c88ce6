// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Synchronization
import System
import TestSupport
import Testing

@testable import Learning

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What is learned outlives the program, and nothing in a file can do harm.
@Suite struct JournalTests {
  private let folder = TemporaryFolder()
  private let header = JournalHeader(modelFingerprint: "0123456789abcdef", dimension: Samples.dimension)

  /// Collects what is said to the person at the terminal.
  private final class Messages: Sendable {
    let all = Mutex<[String]>([])
    var count: Int { all.withLock { $0.count } }
    var text: String { all.withLock { $0.joined(separator: "\n") } }
  }

  private func learner(
    _ path: String, _ messages: Messages = Messages(), header: JournalHeader? = nil, rows: Int = 100_000
  ) throws -> StreamLearner {
    var options = LearningOptions()
    options.rows = rows
    let journal = try Journal(path: path, header: header ?? self.header) { text in messages.all.withLock { $0.append(text) } }
    return try StreamLearner(dimension: Samples.dimension, options: options, journal: journal)
  }

  /// A learner that ends, as a program does.
  private func session(_ path: String, _ messages: Messages = Messages(), _ body: (StreamLearner) throws -> Void) throws
    -> ProcessExit?
  {
    let learner = try learner(path, messages)
    try body(learner)
    return learner.finish()
  }

  /// The same for one that nothing befalls.
  private func whole(_ path: String, _ messages: Messages = Messages(), _ body: (StreamLearner) throws -> Void) throws {
    let failure = try session(path, messages, body)
    #expect(failure == nil)
  }

  @Test func recordsComeBackAsTheyWere() throws {
    var lesson = Samples.lesson("Water in the streets of Aluva, water", ["AluvaFlood", "Überflutung"], author: .max, time: -5)
    (lesson.identifier, lesson.text) = ("\"t-1\"", "Water in the streets of Aluva, water #AluvaFlood\nsecond line")
    for record in [
      JournalRecord.lesson(lesson), .lesson(Lesson()), .lesson(Samples.lesson("words alone")),
      .decision(.approve, hashtag: "a"), .decision(.deny, hashtag: ""), .decision(.forget, hashtag: "ü"),
    ] {
      let bytes = RecordCoding.encode(record)
      #expect(RecordCoding.length(bytes[...]) == bytes.count)
      #expect(RecordCoding.decode(bytes[...], dimension: Samples.dimension) == record)
      for place in bytes.indices {
        var flipped = bytes
        flipped[place] ^= 4
        #expect(RecordCoding.decode(flipped[...], dimension: Samples.dimension) == nil)
        #expect(RecordCoding.decode(bytes[..<place], dimension: Samples.dimension) == nil)
      }
    }
    // A text that is too long goes, the lesson stays.
    lesson.text = String(repeating: "x", count: 2 << 20)
    let bytes = RecordCoding.encode(.lesson(lesson))
    (lesson.identifier, lesson.text) = (nil, nil)
    #expect(RecordCoding.decode(bytes[...], dimension: Samples.dimension) == .lesson(lesson))
  }

  /// Version 1 of the normal form wrote "caf" for #Café, and could not name #洪水 at all.
  @Test func decisionsOfAnOlderProgramHoldForTheSameHashtags() throws {
    let path = folder.file("journal")
    try whole(path) {
      $0.teach([
        Samples.lesson("First words of a flood", ["Café", "洪水"]), Samples.lesson("Others about it all", ["Caf", "Straße"]),
        Samples.lesson("A number is none", ["9_11"]),
      ])
    }
    func learned() throws -> [String] { try JournalBook(path: path).read().stream.hashtags().map(\.normal).sorted() }
    #expect(try learned() == ["caf", "café", "strasse", "洪水"])
    var bytes = TemporaryFolder.read(path)
    bytes += RecordCoding.encode(.decision(.deny, hashtag: "caf"))
    folder.write("journal", bytes)
    #expect(try learned() == ["strasse", "洪水"])
    _ = try JournalBook(path: path, deciding: true).add(.approve, of: ["café"])
    #expect(try learned() == ["café", "strasse", "洪水"])
    _ = try JournalBook(path: path, deciding: true).add(.forget, of: ["洪水", "strasse"])
    #expect(try learned() == ["café"])
  }

  @Test func recordsOfStrangersDoNoHarm() throws {
    // Checksums that hold, over bytes that nobody would write.
    var random = SystemRandomNumberGenerator()
    for kind in 0...3 {
      for _ in 0..<1000 {
        let payload = (0..<Int.random(in: 0...120, using: &random)).map { _ in
          Bool.random(using: &random) ? UInt8.random(in: 0...31, using: &random) : UInt8.random(in: 0...255, using: &random)
        }
        var bytes: [UInt8] = []
        RecordCoding.append(UInt32(payload.count), to: &bytes)
        bytes.append(UInt8(kind))
        bytes += payload
        RecordCoding.append(XXH64.hash(bytes), to: &bytes)
        guard case .lesson(let lesson)? = RecordCoding.decode(bytes[...], dimension: 3) else { continue }
        let stream = LearnedStream(dimension: 3, options: LearningOptions())
        for _ in 0..<2 { stream.learn(lesson) }
        _ = stream.hashtags()
      }
    }
    var spoiled = Samples.lesson("A tweet", ["two\nlines"])
    #expect(RecordCoding.decode(RecordCoding.encode(.lesson(spoiled))[...], dimension: Samples.dimension) == nil)
    spoiled.hashtags = ["two words"]
    #expect(RecordCoding.decode(RecordCoding.encode(.lesson(spoiled))[...], dimension: Samples.dimension) == nil)
    // Times at the ends of what can be said.
    var options = LearningOptions()
    options.halfLife = .seconds(60)
    let stream = LearnedStream(dimension: Samples.dimension, options: options)
    for (number, time) in [Int.min, Int.max, 0, Int.max - 1].enumerated() {
      stream.learn(Samples.lesson("tweet \(number) at \(number * 7)", ["A"], time: time))
    }
    #expect(stream.hashtags().map(\.tweets) == [4])
  }

  @Test func aRestartAtAnyLineAnswersAsIfThereHadBeenNone() throws {
    let lessons = Samples.stream(60)
    let whole = Samples.answers(lessons, to: try StreamLearner.of { $0.rows = 20 }, groupsOf: 1)
    for place in 0...lessons.count {
      let path = folder.file("journal-\(place)")
      let first = try learner(path, rows: 20)
      let before = Samples.answers(Array(lessons[..<place]), to: first, groupsOf: 7)
      #expect(first.finish() == nil)
      let messages = Messages()
      let second = try learner(path, messages, rows: 20)
      let after = Samples.answers(Array(lessons[place...]), to: second, groupsOf: 5)
      #expect(before + after == whole)
      #expect(messages.count == 0)
    }
  }

  @Test func aTailThatIsTornAnywhereCostsItselfOnly() throws {
    let path = folder.file("journal")
    let lessons = [
      Samples.lesson("First words of a flood", ["A"]), Samples.lesson("no hashtag"), Samples.lesson("Second words of it", ["B"]),
    ]
    try whole(path) { $0.teach(lessons) }
    let bytes = TemporaryFolder.read(path)
    var ends = [header.bytes.count]
    for lesson in lessons { ends.append((ends.last ?? 0) + RecordCoding.encode(.lesson(lesson)).count) }
    #expect(ends.last == bytes.count)
    for count in 0...bytes.count {
      let torn = folder.write("torn", Array(bytes[..<count]))
      let messages = Messages()
      try whole(torn, messages) { learner in
        let kept = ends.dropFirst().count { $0 <= count }
        #expect(learner.take([]).stream.lessons == kept)
        learner.teach([Samples.lesson("Third words after that", ["C"])])
      }
      #expect((messages.count == 0) == (count == 0 || ends.contains(count)))
      try whole(torn) { #expect($0.ask("x").hashtag("c") != nil) }
    }
  }

  @Test func aBitThatIsFlippedAnywhereCostsWhatFollows() throws {
    let path = folder.file("journal")
    let lessons = [Samples.lesson("First words of a flood", ["A"]), Samples.lesson("Second words of it", ["B"])]
    try whole(path) { $0.teach(lessons) }
    let bytes = TemporaryFolder.read(path)
    let start = header.bytes.count
    let second = start + RecordCoding.encode(.lesson(lessons[0])).count
    for place in bytes.indices {
      var flipped = bytes
      flipped[place] ^= 0x20
      let spoiled = folder.write("flipped", flipped)
      let messages = Messages()
      if place < start {
        #expect(throws: JournalError.self) { try learner(spoiled, messages) }
        #expect(TemporaryFolder.read(spoiled) == flipped)
      } else {
        let kept = place < second ? 0 : 1
        try whole(spoiled, messages) { #expect($0.take([]).stream.lessons == kept) }
        #expect(messages.text.contains("from byte \(place < second ? start : second) on"))
      }
    }
  }

  @Test func filesThatAreNoJournalOfThisModel() throws {
    let path = folder.file("journal")
    try whole(path) { $0.teach([Samples.lesson("Words", ["A"])]) }
    let bytes = TemporaryFolder.read(path)
    for other in [
      JournalHeader(modelFingerprint: "f", dimension: Samples.dimension),
      JournalHeader(modelFingerprint: header.modelFingerprint, dimension: 8),
    ] {
      #expect { try learner(path, header: other) } throws: { ($0 as? JournalError)?.exitStatus == .unfitFile }
    }
    #expect(TemporaryFolder.read(path) == bytes)
    for text in ["some text that is not ours", "ASSIGNJX", String(repeating: "\0", count: 100)] {
      let foreign = folder.write("foreign", text)
      #expect { try learner(foreign) } throws: { ($0 as? JournalError)?.exitStatus == .unfitFile }
      #expect(TemporaryFolder.read(foreign) == Array(text.utf8))
    }
    var newer = bytes
    newer[8] = 2
    #expect { try learner(folder.write("newer", newer)) } throws: { "\($0)".contains("version 2") }
    #expect { try learner(folder.makeFolder("folder")) } throws: { ($0 as? SystemCallError)?.exitStatus == .inputOutput }
    #expect { try learner(folder.file("nowhere/journal")) } throws: { ($0 as? SystemCallError)?.exitStatus == .missingFile }
    mkfifo(folder.file("pipe"), 0o600)
    #expect(throws: JournalError.notRegular(path: folder.file("pipe"))) { try learner(folder.file("pipe")) }
  }

  @Test func aFullDiskStopsTheJournalAndNothingElse() throws {
    let messages = Messages()
    let failure = try session("/dev/full", messages) { learner in
      learner.teach((0..<5).map { Samples.lesson("Tweet \($0) of \($0 * 3)", ["A"]) })
      #expect(learner.ask("x").offered == ["a"])
    }
    #expect(failure == .inputOutput)
    #expect(messages.count == 1 && messages.text.contains("no space left on device"))
  }

  @Test func oneProgramLearnsAtATime() throws {
    let path = folder.file("journal")
    try whole(path) { _ in
      #expect(throws: JournalError.inUse(path: path)) { try learner(path) }
    }
    try whole(path) { _ in }
  }

  @Test func theFileIsItsOwnersAndLinksAreFollowed() throws {
    let (path, link) = (folder.file("journal"), folder.file("link"))
    symlink(path, link)
    try whole(link) { $0.teach([Samples.lesson("Words of a flood", ["A"])]) }
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o777 == 0o600)
    #expect(folder.names == ["journal", "link"])
    try whole(path) { #expect($0.ask("x").hashtag("a") != nil) }
  }

  @Test func whatAPersonDecidesHoldsWhileAProgramLearns() throws {
    let path = folder.file("journal")
    let learner = try learner(path)
    learner.teach([
      Samples.lesson("Water in the street", ["Once", "Bad"]), Samples.lesson("Boats at the bridge", ["Bad"]),
      Samples.lesson("Rain over the hills", ["Wrong"]), Samples.lesson("Wind over the bay", ["Wrong", "Right"]),
    ])
    #expect(learner.ask("x").offered == ["wrong", "bad"])
    let book = try JournalBook(path: path, deciding: true)
    #expect(try book.add(.approve, of: ["once"]) == 0)
    #expect(try book.add(.deny, of: ["bad"]) == 0)
    #expect(try book.add(.forget, of: ["wrong"]) == 0)
    #expect(Set(learner.ask("x").offered) == ["once"])
    #expect(learner.ask("x").isDenied("bad") && learner.ask("x").hashtag("bad") == nil)
    // What is forgotten can be taught again, what is denied cannot.
    learner.teach([
      Samples.lesson("One more word of rain", ["Wrong", "Bad"]), Samples.lesson("Another word of wind", ["Wrong", "Bad"]),
    ])
    #expect(Set(learner.ask("x").offered) == ["once", "wrong"])
    let before = Samples.text(learner.ask("Rain over the bay"))
    #expect(learner.finish() == nil)
    try whole(path) { #expect(Samples.text($0.ask("Rain over the bay")) == before) }
    // Approving lifts the denial, for what was taught before, too.
    _ = try book.add(.approve, of: ["bad"])
    let contents = try book.read()
    #expect(contents.rest == 0)
    #expect(contents.stream.hashtags().map(\.normal) == ["bad", "once", "right", "wrong"])
    #expect(contents.stream.hashtags().map(\.tweets) == [4, 1, 1, 2])
  }

  @Test func aJournalThatIsCutWhileItIsInUse() throws {
    let path = folder.file("journal")
    let messages = Messages()
    let failure = try session(path, messages) { learner in
      learner.teach([Samples.lesson("Words of a flood", ["A"])])
      truncate(path, 20)
      learner.teach([Samples.lesson("More words of it", ["A"])])
      #expect(learner.ask("x").offered == ["a"])
    }
    #expect(failure == .inputOutput && messages.count == 1 && messages.text.contains("was cut"))
  }
}
