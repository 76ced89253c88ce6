// SPDX-License-Identifier: Apache-2.0

import Decoding
import Diffusion
import ModelFile
import Recurrent
import Tensors
import Text

/// Microblog Hashtag Generation's generator with its words: reads a post and its conversation, and writes a ranked list of hashtags,
/// one a sequence. It does not read retrieved hashtags.
struct BiAttentionWriter: SearchingWriter {
  static let methods = [GenerationMethod.biAttention]

  private let network: BiAttentionNetwork
  private let vocabulary: WordVocabulary
  let options: BeamOptions

  init(
    model: ContainerFile, tokenizers: [String: Tokenizer] = [:], options: GenerationOptions = GenerationOptions()
  ) throws(ContainerError) {
    network = try BiAttentionNetwork(file: model)
    let section = ModelLayout.words
    do {
      vocabulary = try WordVocabulary(model.bytes(section, limit: Tokenizer.maximumSectionSize))
    } catch let error as ContainerError {
      throw error
    } catch {
      throw model.failure(.value("\(error)"), section: section)
    }
    let sizes = network.configuration
    guard vocabulary.count == sizes.words, vocabulary.outputs == sizes.outputs else {
      throw model.failure(
        .value("has \(vocabulary.count) words, of which \(vocabulary.outputs) can be written; the metadata says otherwise"),
        section: section)
    }
    self.options = Self.search(options, network)
  }

  /// Every beam is a hashtag of the list.
  private static func search(_ options: GenerationOptions, _ network: BiAttentionNetwork) -> BeamOptions {
    var search = options.search(network.configuration.defaults)
    search.sequences = search.width
    return search
  }

  static func scratch(of model: ContainerFile, options: GenerationOptions) throws(ContainerError) -> Int {
    let network = try BiAttentionNetwork(file: model)
    return network.scratch(search(options, network))
  }

  var scratch: Int { network.scratch(options) }

  func write(_ input: GeneratorInput, arena: Arena) throws(TensorError) -> [GeneratedHashtag] {
    let words = BiAttentionWords(input, network.configuration, vocabulary)
    var written: [GeneratedHashtag] = []
    for found in try network.decode(source: words.source, options: options, arena: arena) {
      // What the longest length has cut is no hashtag.
      guard found.tokens.last == BiAttentionConfiguration.Control.end else { continue }
      let spelled = found.tokens.dropLast().map { words.spelling($0, vocabulary) }.joined()
      let normal = HashtagNormalForm.normalize(spelled)
      if normal.isEmpty { continue }
      written.append(GeneratedHashtag(normal: normal, position: written.count, probabilities: found.probabilities))
    }
    return written
  }
}
