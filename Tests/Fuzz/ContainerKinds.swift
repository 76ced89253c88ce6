// SPDX-License-Identifier: Apache-2.0

import Conversion
import Generation
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import TestSupport

/// Model files: opened, described, verified, and asked for hashtags on two threads.
struct ModelKind: Kind {
  let name = "model"
  let sound: [[UInt8]]
  private let world: SoundFiles
  /// One index for each vector width of the valid models.
  private let indexes: [Int: (file: CorpusIndex, bytes: [UInt8])]

  init(_ world: SoundFiles) throws {
    self.world = world
    let golden = ["Tiny/model-int8.assigner", "Tiny/SeqDiffuSeq/model.assigner"].map {
      TemporaryFolder.read(ProjectFolder.file("Tests/GoldenFixtures/" + $0))
    }
    let models = [golden[0], try Self.unigram(world.folder)]
    var indexes = [world.index.dimension: (file: world.index, bytes: world.indexBytes)]
    for (number, bytes) in models.enumerated() {
      let encoders = try TweetEncoders(model: ContainerFile(MappedFile(bytes), path: "sound"))
      let path = world.folder.file("sound-\(number).index")
      try SoundFiles.writeIndex(to: path, with: encoders)
      indexes[encoders.size] = (try CorpusIndex(path: path), TemporaryFolder.read(path))
    }
    self.indexes = indexes
    sound = [world.modelBytes] + golden + models.dropFirst() + [try Self.words(world.folder)]
  }

  /// A model that has a bi-attention network alone.
  private static func words(_ folder: TemporaryFolder) throws -> [UInt8] {
    let network = ProjectFolder.file("Tests/GoldenFixtures/BiAttention/bi-attention-copy")
    try Converter(checkpoint: Checkpoint(generator: network)).convert().writer.write(to: folder.file("words.model"))
    return TemporaryFolder.read(folder.file("words.model"))
  }

  /// A model whose encoder has a Unigram tokenizer: its sections are read where they lie, without a copy.
  private static func unigram(_ folder: TemporaryFolder) throws -> [UInt8] {
    let network = ProjectFolder.file("Tests/ConversionTests/Fixtures/encoders/e5")
    let checkpoint = Checkpoint(retriever: network, selector: network)
    let writer = try Converter(checkpoint: checkpoint, sentences: SentenceOptions(maximumTokens: 64)).convert().writer
    try writer.write(to: folder.file("unigram.model"))
    return TemporaryFolder.read(folder.file("unigram.model"))
  }

  /// Vocabularies that are all line ends, and metadata that is one long list.
  var bombs: [[UInt8]] {
    metadataBombs(world.modelBytes)
      + ["text/vocabulary", "text/generationVocabulary", "text/hashtags", "ranking"].flatMap { section in
        [60 << 20, 200 << 20].compactMap { size in
          forged(world.modelBytes) { file in
            if let part = file[section] { file.pack([UInt8](repeating: 0x0A, count: size), into: part) }
          }
        }
      }
  }

  func input(_ mutator: inout Mutator) -> [UInt8] { damaged(mutator.pick(sound), &mutator) }

  func read(_ input: [UInt8]) throws {
    let model = try ContainerFile(MappedFile(input), path: "damaged")
    try describe(model)
    var options = RecommenderOptions()
    // Chosen by a checksum of the input, so that a replay makes the same choice.
    let choice = Int(truncatingIfNeeded: XXH64.hash(input) >> 32)
    let methods = try (GeneratorKind.of(model)?.methods ?? []) + [.off]
    options.generation.method = ([nil] + methods)[choice % (1 + methods.count)]
    options.retriever = TweetEncoders.missing(from: model).isEmpty ? [.dense, .bm25, .hybrid][choice >> 16 % 3] : .bm25
    options.generation.sampling.steps = 2
    _ = try MemoryPlan(
      model: model, index: world.index.file, options: options, threads: 2, explain: true, started: 0)
    try answer(Recommender(model: model, index: fitting(model), options: options))
  }

  /// An index of the model's vector width, with the model's fingerprint.
  private func fitting(_ model: ContainerFile) throws -> CorpusIndex {
    let width = Int(exactly: (try? model.metadata.number("retriever", "hiddenSize")) ?? 0) ?? 0
    guard let (index, bytes) = indexes[width] else { return world.index }
    let fingerprint = ModelFingerprint.of(model)
    guard fingerprint != index.modelFingerprint, case .object(var metadata) = index.file.metadata else { return index }
    metadata["model"] = .string(fingerprint)
    var file = try ForgedContainer(bytes)
    if let part = file["metadata"] { file.pack(Array(JSONValue.object(metadata).serialized().utf8), into: part) }
    return try CorpusIndex(file: ContainerFile(MappedFile(file.bytes), path: "fitting"))
  }
}

/// Index files: opened, searched, changed and written again.
struct IndexKind: Kind {
  let name = "index"
  private let world: SoundFiles

  var sound: [[UInt8]] { [world.indexBytes] }

  init(_ world: SoundFiles) { self.world = world }

  var bombs: [[UInt8]] {
    metadataBombs(world.indexBytes)
      + ["hashtags", "rows", "nextNumber", "lists"].compactMap { name in
        forged(world.indexBytes, number: name)
      }
      + ["hashtags/normal", "hashtags/display", "rows/identifiers", "rows/text"].compactMap { section in
        forged(world.indexBytes) { file in
          if let part = file[section] { file.pack([UInt8](repeating: 0, count: 500 << 20), into: part) }
        }
      }
  }

  func input(_ mutator: inout Mutator) -> [UInt8] { damaged(world.indexBytes, &mutator) }

  func read(_ input: [UInt8]) throws {
    let file = try ContainerFile(MappedFile(input), path: "damaged")
    try describe(file)
    let index = try CorpusIndex(file: file)
    _ = index.statistics()
    for hashtag in 0..<index.hashtagCount {
      _ = (index.lookup(index.normal(hashtag)), index.display(hashtag), index.mentions(hashtag), index.tagged(hashtag))
    }
    for row in 0..<index.rowCount { _ = try index.identifier(ofRow: row) }
    _ = try index.texts()
    _ = try CorpusIndexBuilder(upgrading: index)
    try change(index)
    if index.modelFingerprint == world.index.modelFingerprint {
      var options = RecommenderOptions()
      options.retriever = !index.hasWords ? .dense : .hybrid
      options.generation.method = .off
      try answer(Recommender(model: world.model, index: index, options: options))
    }
  }

  /// Does what `index add` and `index remove` do. The file that they write must be valid.
  private func change(_ index: CorpusIndex) throws {
    var builder = try CorpusIndexBuilder(editing: index)
    let maker = try IndexMaker(encoders: TweetEncoders(model: world.model), threads: 2)
    if index.dimension == world.index.dimension {
      _ = try maker.add([CorpusRow(text: "Water in Aluva", hashtags: ["Aluva", "New"], identifier: "x")], to: &builder)
    }
    _ = (builder.remove(hashtag: "oslo"), builder.remove(identifier: "0"))
    try builder.write(to: world.folder.file("changed.index"))
    let changed = try ContainerFile(path: world.folder.file("changed.index"))
    if let failure = changed.failures().first { throw Finding("a changed index does not verify: \(failure)") }
    do { _ = try CorpusIndex(file: changed) } catch { throw Finding("a changed index cannot be opened: \(error)") }
  }
}

/// Damages a valid container. In most cases its checksums are corrected.
private func damaged(_ bytes: [UInt8], _ mutator: inout Mutator) -> [UInt8] {
  if mutator.once(in: 10) {
    var bytes = bytes
    mutator.damage(&bytes)
    return bytes
  }
  guard var file = try? ForgedContainer(bytes) else { return bytes }
  for _ in 0...mutator.below(3) where !file.parts.isEmpty { file.damage(&mutator) }
  return file.bytes
}

/// Replaces some contents of a container and corrects its checksums.
private func forged(_ bytes: [UInt8], _ body: (inout ForgedContainer) -> Void) -> [UInt8]? {
  guard var file = try? ForgedContainer(bytes) else { return nil }
  body(&file)
  return file.bytes
}

/// Sets one number of the metadata to a huge value.
private func forged(_ bytes: [UInt8], number name: String) -> [UInt8]? {
  forged(bytes) { file in
    guard let part = file["metadata"], case .object(var members)? = try? JSONValue(parsing: file.unpacked(part)) else { return }
    members[name] = .integer(Int(Int32.max) - 1)
    file.pack(Array(JSONValue.object(members).serialized().utf8), into: part)
  }
}

/// Small files whose metadata inflates to values of 60 MB and more.
private func metadataBombs(_ bytes: [UInt8]) -> [[UInt8]] {
  [("0,", "0"), ("[0],", "0"), ("{},", "0"), ("{\"\":0},", "0"), ("\"a\",", "0")].compactMap { item, last in
    forged(bytes) { file in
      guard let part = file["metadata"] else { return }
      file.pack(Array(("{\"x\":[" + String(repeating: item, count: 20_000_000) + last + "]}").utf8), into: part)
    }
  }
}

/// Does what `inspect` and `verify` do.
private func describe(_ file: ContainerFile) throws {
  let summary = FileSummary(file)
  let text = summary.text + summary.json.serialized()
  guard !text.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A }) else { throw Finding("inspect prints a control character") }
  _ = file.failures()
}

/// Answers a few lines on two threads. Each answer must be one line of valid JSON.
private func answer(_ recommender: Recommender) throws {
  let lines = ["flood in Kerala, the bridge is closed #Oslo", "fire", "", "the storm @user"]
  let batches = BatchRecommender(recommender, threads: 2)
  for recommendation in try batches.recommend(lines.map { Query(text: $0, count: 3) }) {
    let hashtags = recommendation.hashtags.map {
      Answer.Hashtag(tag: $0.tag, score: $0.score, from: $0.sources.map(\.rawValue))
    }
    guard hashtags.count <= 3 else { throw Finding("\(hashtags.count) hashtags where 3 are wanted") }
    for format in AnswerFormat.allCases {
      let line = format.line(Answer(hashtags: hashtags), id: nil, explain: false)
      guard line.last == 0x0A, line.count(where: { $0 == 0x0A }) == 1 else {
        throw Finding("an answer is not one line: \(String(decoding: line, as: UTF8.self))")
      }
      if format == .json, (try? JSONValue(parsing: line)) == nil {
        throw Finding("an answer is not JSON: \(String(decoding: line, as: UTF8.self))")
      }
    }
  }
}
