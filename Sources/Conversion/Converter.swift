import ModelFile

/// Makes a model file of three checkpoints.
///
/// Every tensor the architecture has must be there and every tensor there must be known, by name and by exact shape. The
/// matrices become int8 with one scale per output row (`RowQuantization`); what is small or loses accuracy stays float
/// (`TensorRule.Reason`). Tensors of equal content are stored once, under the name that came first.
public struct Converter: Sendable {
  public var checkpoint: Checkpoint
  /// Keeps every tensor in float32: the reference that the int8 file is measured against.
  public var keepsFloats: Bool
  /// Free text for the metadata.
  public var license: String?

  public init(checkpoint: Checkpoint, keepsFloats: Bool = false, license: String? = nil) {
    self.checkpoint = checkpoint
    self.keepsFloats = keepsFloats
    self.license = license
  }

  /// Reads and converts; `ContainerWriter.write(to:)` writes the result.
  /// - Parameter progress: is told what begins, for a person to read.
  public func convert(
    progress: (String) -> Void = { _ in }
  ) throws(ConversionError) -> (writer: ContainerWriter, report: ConversionReport) {
    let retriever = CheckpointFolder(path: checkpoint.retriever)
    let selector = CheckpointFolder(path: checkpoint.selector)
    let generator = CheckpointFolder(path: checkpoint.generator)
    let retrieverShape = try BERTShape(retriever)
    let selectorShape = try BERTShape(selector)
    let generatorShape = try generator.configuration { (config) throws(JSONError) in try GeneratorShape(config) }
    let networks = [
      ("retriever", retriever, retrieverShape.encoder), ("selector", selector, selectorShape.encoder),
      ("generator", generator, generatorShape.encoder),
    ]
    var tokenizers: [(network: String, CheckpointTokenizer)] = []
    for (network, folder, shape) in networks {
      tokenizers.append((network, try CheckpointTokenizer(folder, embeddings: shape.vocabularySize)))
    }
    let generation = try Vocabulary.generation(generator, size: generatorShape.vocabularySize)

    var store = TensorStore(keepsFloats: keepsFloats)
    var tokenizerStore = TokenizerStore()
    var names: [String: String] = [:]
    for (network, tokenizer) in tokenizers {
      names[network] = try tokenizerStore.add(tokenizer, of: network, to: &store)
    }
    try store.addText("text/generationVocabulary", generation)
    if let path = checkpoint.ranking { try store.addText("ranking", Ranking.checked(path)) }
    try store.add(
      retriever.tensors(), retrieverShape.rules("retriever"), ignoring: TensorRule.ignorableBERT,
      scales: InputScales(retriever, network: "retriever/"), progress: progress)
    try store.add(
      selector.tensors(), selectorShape.rules("selector"), ignoring: TensorRule.ignorableBERT,
      scales: InputScales(selector, network: "selector/"), progress: progress)
    let generatorTensors = try generator.tensors()
    try store.add(
      generatorTensors, TensorRule.bart(generatorShape), ignoring: [], scales: InputScales(generator, network: "generator/"),
      progress: progress)
    try generatorShape.checkSchedule(generatorTensors)

    var metadata: [String: JSONValue] = [
      "architecture": "assigner",
      "retriever": retrieverShape.encoder.metadata(pooling: "mean").naming(tokenizer: names["retriever"]),
      "selector": selectorShape.encoder.metadata(pooling: "mean").naming(tokenizer: names["selector"]),
      "generator": generatorShape.metadata.naming(tokenizer: names["generator"]),
      "aliases": .object(store.aliases.mapValues { .string($0) }),
      "quantization": keepsFloats ? "float32" : "int8",
    ]
    if let tokenizers = tokenizerStore.metadata { metadata["tokenizers"] = tokenizers }
    if let license { metadata["license"] = .string(license) }
    store.writer.setMetadata(.object(metadata))
    return (store.writer, store.report)
  }
}

/// A sentence encoder's configuration; the number of token types only matters for reading its checkpoint.
private struct BERTShape {
  let encoder: EncoderShape
  let typeVocabularySize: Int

  init(_ folder: CheckpointFolder) throws(ConversionError) {
    (encoder, typeVocabularySize) = try folder.configuration { (config) throws(JSONError) in
      (try EncoderShape(bert: config), try config.integer("type_vocab_size", in: 1...1024))
    }
  }

  func rules(_ network: String) -> [TensorRule] {
    TensorRule.bert(encoder, typeVocabularySize: typeVocabularySize, network: network)
  }
}
