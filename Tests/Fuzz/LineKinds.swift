// SPDX-License-Identifier: Apache-2.0

import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System
import TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Compressed files of lines.
struct PackedKind: Kind {
  let name = "gzip"
  let sound: [[UInt8]]
  private let file: String

  init(_ world: SoundFiles) {
    file = world.folder.file("packed")
    // A zlib member with a dynamic code, a stored one, and both in sequence.
    let dynamic = PackedSamples.dynamic
    sound = [dynamic, PackedSamples.stored, dynamic + PackedSamples.stored]
  }

  func input(_ mutator: inout Mutator) -> [UInt8] {
    var bytes = mutator.pick(sound)
    mutator.damage(&bytes)
    return bytes
  }

  func read(_ input: [UInt8]) throws {
    write(input, to: file)
    var lines = try LineFile(path: file)
    while let (_, line) = try lines.next() {
      if case .bytes(let bytes) = line, bytes.contains(0x0A) { throw Finding("a line contains a line end") }
    }
  }
}

/// Corpora, from which an index is built.
struct CorpusKind: Kind {
  let name = "corpus"
  private let world: SoundFiles
  private let words = [
    "\n", "\r\n", "\t", "{", "}", "\"text\":", "\"hashtags\":[", "\"id\":", "null", "#", "#Flood", "\u{FEFF}", "\\u0000",
    "\\ud800",
    "\\n", "[", "]", ",", "\u{200D}", "\u{FE0F}", "\u{202E}", "1e999", "-0",
  ]

  var sound: [[UInt8]] { [Array(SoundFiles.corpus.joined(separator: "\n").utf8)] }

  init(_ world: SoundFiles) { self.world = world }

  func input(_ mutator: inout Mutator) -> [UInt8] {
    var bytes = Array((0...mutator.below(6)).map { _ in mutator.pick(SoundFiles.corpus) }.joined(separator: "\n").utf8)
    mutator.damage(text: &bytes, words: words)
    return bytes
  }

  func read(_ input: [UInt8]) throws {
    write(input, to: world.folder.file("corpus"))
    var rows: [CorpusRow] = []
    var lines = try LineFile(path: world.folder.file("corpus"))
    while let (_, line) = try lines.next() {
      guard case .bytes(let bytes) = line else { continue }
      if let row = try? CorpusRow(line: bytes) { rows.append(row) }
    }
    let maker = try IndexMaker(encoders: TweetEncoders(model: world.model), threads: 2)
    var builder = try maker.newBuilder(keepsText: true, indexesWords: true)
    guard try maker.add(rows, to: &builder).added > 0 else { return }
    try builder.write(to: world.folder.file("corpus.index"))
    let index: CorpusIndex
    do { index = try CorpusIndex(path: world.folder.file("corpus.index")) } catch {
      throw Finding("an index that was built cannot be opened: \(error)")
    }
    for hashtag in 0..<index.hashtagCount where index.display(hashtag).unicodeScalars.contains(where: { $0.value < 0x20 }) {
      throw Finding("a hashtag of the index has a control character")
    }
  }
}

/// Deny and allow lists.
struct ListKind: Kind {
  let name = "lists"
  let sound = [Array("Kerala\n#Flood\n\nOslo2018\n".utf8)]
  private let words = ["\n", "\r\n", "#", ",", " ", "\t", "\u{FEFF}", "//", "# ", "\"", "é", "\u{301}", "\0", "#A,#B"]

  func input(_ mutator: inout Mutator) -> [UInt8] {
    var bytes = sound[0]
    mutator.damage(text: &bytes, words: words)
    return bytes
  }

  func read(_ input: [UInt8]) throws {
    guard let text = String(validating: input, as: UTF8.self) else { return }
    let filter = HashtagFilter(deny: HashtagList(text), allow: HashtagList(text))
    for hashtag in ["kerala", "flood", "oslo2018", "x", ""] where filter.passes(hashtag) {
      throw Finding("\"\(hashtag)\" passes, although the same list denies it or does not allow it")
    }
  }
}

/// A session of request lines. Each must get one line.
struct LinesKind: Kind {
  let name = "lines"
  private let folder: TemporaryFolder
  private let batches: BatchRecommender
  private let signals: StopSignals

  var sound: [[UInt8]] { [Array(Self.samples.joined(separator: "\n").utf8)] }

  private static let samples = [
    "Flood in Kerala, the bridge is closed", "{\"text\":\"Fire near Oslo #Fire\",\"id\":17,\"k\":2}",
    "{\"id\":\"a\",\"text\":\"Storm\",\"conversation\":[\"where?\",\"here\"]}", "",
  ]

  private let words = [
    "\n", "\r\n", "\t", "{", "}", "\"text\":", "\"id\":", "\"k\":", "\"conversation\":[", "null", "true", "1e999", "-0", "[", "]",
    ",",
    "\"", "\\", "\\u0000", "\\ud83d", "\u{FEFF}", "\u{200D}", "\u{FE0F}\u{20E3}", "\u{202E}", "#", "#Flood", "@user",
    "https://t.co/x#y", "\0", "\u{1B}[2J",
  ]

  init(_ world: SoundFiles) throws {
    folder = world.folder
    signals = try StopSignals()
    var options = RecommenderOptions()
    options.generation.sampling.steps = 1
    batches = BatchRecommender(try Recommender(model: world.model, index: world.index, options: options), threads: 2)
  }

  func input(_ mutator: inout Mutator) -> [UInt8] {
    var bytes = Array((0...mutator.below(5)).map { _ in mutator.pick(Self.samples) }.joined(separator: "\n").utf8)
    mutator.damage(text: &bytes, words: words)
    return bytes
  }

  func read(_ input: [UInt8]) throws {
    let last = input.last.map { $0 != 0x0A ? 1 : 0 } ?? 0
    let expected = input.count { $0 == 0x0A } + last
    for format in AnswerFormat.allCases {
      let output = try answers(to: input, format)
      let lines = output.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
      guard lines.count == expected else { throw Finding("\(lines.count) answers to \(expected) lines (\(format.rawValue))") }
      if format == .json, let line = lines.first(where: { (try? JSONValue(parsing: Array($0))) == nil }) {
        throw Finding("an answer is not JSON: \(String(decoding: line, as: UTF8.self))")
      }
    }
  }

  private func answers(to input: [UInt8], _ format: AnswerFormat) throws -> [UInt8] {
    let (question, reply) = (folder.write("lines.in", input), folder.file("lines.out"))
    let descriptors = (
      try Descriptor.open(reading: question), try Descriptor.create(reply), try Descriptor.create("/dev/null")
    )
    defer { for descriptor in [descriptors.0, descriptors.1, descriptors.2] { descriptor.close() } }
    var session = LineSession(
      options: LineSession.Options(format: format, batch: batches.batch), signals: signals, input: descriptors.0,
      output: descriptors.1, messages: descriptors.2)
    _ = try session.run { requests in
      try batches.recommend(
        requests, query: { Query(text: $0.text, conversation: $0.conversation, count: $0.count) },
        answer: { recommendation in
          Answer(
            hashtags: recommendation.hashtags.map {
              Answer.Hashtag(tag: $0.tag, score: $0.score, from: $0.sources.map(\.rawValue))
            })
        })
    }
    return TemporaryFolder.read(reply)
  }
}
