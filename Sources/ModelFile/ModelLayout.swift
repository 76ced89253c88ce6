// SPDX-License-Identifier: Apache-2.0
/// The sections and the metadata of a model file.
///
/// The metadata has an object for each network, by its name. The network's tensors are in sections that begin with its name:
///
/// | section | contents |
/// | --- | --- |
/// | retriever/…, selector/… | the two sentence encoders |
/// | generator/encoder/…, generator/decoder/… | the layers of the generator |
/// | generator/diffusion/… | the parts of a diffusion only: time embedding, projections, noise schedule |
/// | generator/finalBias | added to the score of each piece |
/// | hashtags/vectors | stored vectors of common hashtags, which replace those that the selector computes |
/// | text/hashtags | cold: the hashtags of these vectors, one a line |
/// | text/vocabulary | cold: the vocabulary of the default tokenizer |
/// | text/generationVocabulary | cold: the pieces that a generator of kind "diffusion" writes |
/// | text/words | cold: the words of a generator of kind "bi-attention" |
/// | ranking | cold: JSON of the learned ranking |
package enum ModelLayout {
  package static let architecture = "assigner"

  // Networks.
  package static let retriever = "retriever"
  package static let selector = "selector"
  package static let generator = "generator"
  package static let encoders = [retriever, selector]
  package static let networks = encoders + [generator]

  // Tensors.
  package static let generatorEncoder = "generator/encoder"
  package static let generatorDecoder = "generator/decoder"
  package static let diffusion = "generator/diffusion"
  package static let finalBias = "generator/finalBias"
  package static let hashtagVectors = "hashtags/vectors"

  // Texts.
  package static let hashtags = "text/hashtags"
  package static let vocabulary = "text/vocabulary"
  package static let generationVocabulary = "text/generationVocabulary"
  package static let words = "text/words"
  package static let ranking = "ranking"

  /// Members of the metadata, and of a network's object in it.
  package enum Key {
    package static let architecture = "architecture"
    package static let quantization = "quantization"
    package static let license = "license"
    package static let aliases = "aliases"
    package static let fingerprint = "fingerprint"
    package static let tokenizers = "tokenizers"
    package static let tokenizer = "tokenizer"
    package static let kind = "kind"
    package static let separators = "separators"
  }

  /// The beginning of the names of a network's sections.
  package static func prefix(of network: String) -> String { network + "/" }
}
