// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// Converts checkpoints to a model file: a retriever, a selector, a generator, or some of them.
///
/// A checkpoint must have every tensor of the architecture and no others, by name and exact shape. Matrices become int8 with
/// one scale per output row (`RowQuantization`). Tensors that are small or would lose accuracy stay float32
/// (`TensorRule.Reason`). Equal tensors are stored once, under the first name.
package struct Converter: Sendable {
  package var checkpoint: Checkpoint
  /// Keeps every tensor in float32, as a reference for the int8 file.
  package var keepsFloats: Bool
  /// How embedding tables that are only looked up are stored.
  package var tables: TableWidth
  /// Options of the retriever and the selector.
  package var sentences: SentenceOptions
  /// Licence and credits, stored as text in the metadata.
  package var license: String?

  package init(
    checkpoint: Checkpoint, keepsFloats: Bool = false, tables: TableWidth = .eight,
    sentences: SentenceOptions = SentenceOptions(), license: String? = nil
  ) {
    self.checkpoint = checkpoint
    self.keepsFloats = keepsFloats
    self.tables = tables
    self.sentences = sentences
    self.license = license
  }

  /// Reads and converts; `ContainerWriter.write(to:)` writes the result.
  /// - Parameter progress: receives progress and notes as text for a person.
  package func convert(
    progress: (String) -> Void = { _ in }
  ) throws(ConversionError) -> (writer: ContainerWriter, report: ConversionReport) {
    let encoders = [
      try SentenceNetwork(ModelLayout.retriever, checkpoint.retriever, sentences),
      try SentenceNetwork(ModelLayout.selector, checkpoint.selector, sentences),
    ].compactMap { $0 }
    let generator = try GeneratorNetwork(checkpoint)
    if encoders.isEmpty && generator == nil { throw .noNetwork }

    var store = TensorStore(keepsFloats: keepsFloats, tables: tables)
    var tokenizers = TokenizerStore()
    var metadata: [String: JSONValue] = [
      ModelLayout.Key.architecture: .string(ModelLayout.architecture),
      ModelLayout.Key.quantization: keepsFloats ? "float32" : "int8",
    ]
    for network in encoders {
      for note in network.notes { progress(note) }
      let name = try tokenizers.add(network.tokenizer, of: network.name, to: &store)
      metadata[network.name] = network.metadata.naming(tokenizer: name)
    }
    if let generator {
      let name = try generator.tokenizer.map { (tokenizer) throws(ConversionError) in
        try tokenizers.add(tokenizer, of: ModelLayout.generator, to: &store)
      }
      metadata[ModelLayout.generator] = try generator.kind.metadata(separators: checkpoint.separators).naming(tokenizer: name)
      if let (section, bytes) = generator.vocabulary { try store.addText(section, bytes) }
      for note in generator.notes { progress(note) }
    }
    if let path = checkpoint.ranking { try store.addText(ModelLayout.ranking, RankingFile.checked(path)) }
    for network in encoders { try network.add(to: &store, progress: progress) }
    if let generator { try generator.kind.add(from: generator.folder, to: &store, progress: progress) }
    if let tokenizers = tokenizers.metadata { metadata[ModelLayout.Key.tokenizers] = tokenizers }
    metadata[ModelLayout.Key.aliases] = .object(store.aliases.mapValues { .string($0) })
    if let license { metadata[ModelLayout.Key.license] = .string(license) }
    store.writer.setMetadata(.object(metadata))
    return (store.writer, store.report)
  }
}

/// A generator's checkpoint with its vocabularies.
private struct GeneratorNetwork {
  let folder: CheckpointFolder
  let kind: GeneratorCheckpoint
  /// Nil for a bi-attention network, which reads words, and for a BART or SeqDiffuSeq checkpoint without a tokenizer: the model
  /// then reads and writes token ids.
  let tokenizer: CheckpointTokenizer?
  /// What it writes, and the section for it: for assigner's own diffusion generator and for a bi-attention network.
  let vocabulary: (section: String, bytes: [UInt8])?
  /// Notes on this checkpoint for a person.
  let notes: [String]

  /// Nil if no path is given.
  init?(_ checkpoint: Checkpoint) throws(ConversionError) {
    guard let path = checkpoint.generator else { return nil }
    folder = CheckpointFolder(path: path)
    if try folder.bytesIfThere("adapter_config.json") != nil {
      throw .unmerged(path: folder.path(of: "adapter_config.json"))
    }
    kind = try GeneratorCheckpoint(folder, schedule: checkpoint.schedule, tied: checkpoint.tiedSource)
    switch kind {
    case .diffusion(let shape):
      tokenizer = try CheckpointTokenizer(folder, embeddings: shape.bart.encoder.vocabularySize)
      vocabulary = (ModelLayout.generationVocabulary, try Vocabulary.generation(folder, size: shape.vocabularySize))
      notes = []
    case .bart(let shape, let settings):
      tokenizer = try CheckpointTokenizer.ifThere(folder, embeddings: shape.encoder.vocabularySize)
      vocabulary = nil
      var notes: [String] = []
      if tokenizer == nil { notes.append(Self.withoutTokenizer(folder)) }
      if !settings.ignored.isEmpty { notes.append("\(folder.path): not applied: \(settings.ignored.joined(separator: ", "))") }
      self.notes = notes
    case .biAttention(let shape):
      tokenizer = nil
      vocabulary = (ModelLayout.words, try Vocabulary.words(folder, shape))
      notes = []
    case .seqdiffuseq(let checkpoint):
      tokenizer = try CheckpointTokenizer.ifThere(folder, embeddings: checkpoint.shape.generator.vocabularySize)
      vocabulary = nil
      notes = [checkpoint.differences, tokenizer == nil ? Self.withoutTokenizer(folder) : nil].compactMap { $0 }
    }
  }

  private static func withoutTokenizer(_ folder: CheckpointFolder) -> String {
    "\(folder.path): no tokenizer: the model reads and writes token ids only"
  }
}
