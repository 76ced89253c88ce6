// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The checkpoints of a model's networks: folders in Hugging Face layout (config.json, model.safetensors, a tokenizer).
/// assigner's own diffusion generator also has generation_vocab.txt. A model may lack networks.
package struct Checkpoint: Sendable, Equatable {
  package var retriever: String?
  package var selector: String?
  package var generator: String?
  /// For a BART that was trained as RIGHT's generator: the separators between hashtags in its input and output.
  package var separators: Separators?
  /// The noise schedule of a SeqDiffuSeq generator: `alpha_cumprod_step_N.npy`.
  package var schedule: String?
  /// Which copy of the SeqDiffuSeq generator's embeddings is used if the copies differ.
  package var tiedSource = TiedSource.head
  /// The path of the learned ranking, JSON. A model without a learned ranking ranks by a formula.
  package var ranking: String?

  package init(
    retriever: String? = nil, selector: String? = nil, generator: String? = nil, ranking: String? = nil
  ) {
    self.retriever = retriever
    self.selector = selector
    self.generator = generator
    self.ranking = ranking
  }

  /// A folder with `retriever/`, `selector/`, `generator/` and optionally `ranking.json`.
  package init(folder: String) {
    let ranking = folder + "/ranking.json"
    var isThere = true
    do throws(ContainerError) {
      _ = try MappedFile(path: ranking)
    } catch {
      // A ranking that exists but cannot be read becomes an error later, when it is read.
      isThere = !error.isAbsentFile
    }
    self.init(
      retriever: folder + "/retriever", selector: folder + "/selector", generator: folder + "/generator",
      ranking: isThere ? ranking : nil)
  }
}

extension Checkpoint {
  /// RIGHT's SEP1 and SEP2 as they appear in the text, with the spaces around them.
  package struct Separators: Sendable, Equatable {
    package var source: String
    package var target: String

    package init(source: String, target: String) {
      self.source = source
      self.target = target
    }
  }
}

/// One network's folder.
struct CheckpointFolder: Sendable {
  let path: String
  /// The file of weights if it was named; nil means one of `TensorFile.names`.
  let weights: String?

  /// - Parameter path: the folder, or the file of weights in it.
  init(path: String) {
    // `MappedFile` refuses a folder, because it is no regular file.
    guard (try? MappedFile(path: path)) != nil else {
      (self.path, weights) = (path, nil)
      return
    }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    self.path = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    weights = path
  }

  func path(of name: String) -> String { path + "/" + name }

  func bytes(_ name: String) throws(ConversionError) -> [UInt8] {
    try readFile(path(of: name))
  }

  /// The bytes of a file; nil if it does not exist.
  func bytesIfThere(_ name: String) throws(ConversionError) -> [UInt8]? {
    do throws(ConversionError) {
      return try bytes(name)
    } catch {
      if case .file(let reason) = error, reason.isAbsentFile { return nil }
      throw error
    }
  }

  func json(_ name: String) throws(ConversionError) -> JSONValue {
    let bytes = try bytes(name)
    do {
      return try JSONValue(parsing: bytes)
    } catch {
      throw .json(path: path(of: name), error)
    }
  }

  /// The JSON of a file; nil if it does not exist.
  func jsonIfThere(_ name: String) throws(ConversionError) -> JSONValue? {
    // Not `? nil : …`: that nil would become JSON's null.
    guard try bytesIfThere(name) != nil else { return nil }
    return try json(name)
  }

  /// Interprets config.json, and adds the path to its errors.
  func configuration<Shape>(
    _ body: (JSONValue) throws(JSONError) -> Shape
  ) throws(ConversionError) -> Shape {
    let config = try json("config.json")
    do {
      return try body(config)
    } catch {
      throw .json(path: path(of: "config.json"), error)
    }
  }

  func tensors() throws(ConversionError) -> any TensorSource {
    if let weights { return try TensorFile.open(weights) }
    return try TensorFile.find(in: path)
  }
}

/// Reads a file other than weights: a configuration, a vocabulary, an index of shards. Up to 64 MiB: the largest published
/// one, a tokenizer.json with 262,000 tokens, has 34 million bytes.
func readFile(_ path: String) throws(ConversionError) -> [UInt8] {
  let limit = 64 << 20
  let file = try mapFile(path)
  guard file.bytes.count <= limit else {
    throw .file(ContainerError(path: path, rule: .tooLarge(size: file.bytes.count, limit: limit)))
  }
  return file.copy
}

/// Maps a file. Refuses the pointer that Git LFS leaves in place of a large file.
func mapFile(_ path: String) throws(ConversionError) -> MappedFile {
  let file: MappedFile
  do { file = try MappedFile(path: path) } catch { throw .file(error) }
  guard !withExtendedLifetime(file, { GitPointer.isOne(file.bytes) }) else { throw .gitPointer(path: path) }
  return file
}
