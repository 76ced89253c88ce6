import Diffusion
import ModelFile
import Tensors
import Text

/// What writes hashtags for a tweet and a few retrieved ones.
protocol HashtagWriter: Sendable {
  /// Arena bytes that any call needs.
  var scratch: Int { get }

  /// Hashtags in the order written; where several sequences are drawn, one after the other.
  /// - Parameters:
  ///   - hashtags: normal forms, best first.
  ///   - text: tweet normal form.
  ///   - line: keys the noise, where there is any.
  func write(
    hashtags: [String], text: String, line: UInt64, arena: Arena
  ) throws(TensorError) -> [GeneratedHashtag]
}

/// The generator with its spelling: from a tweet and a few hashtags to hashtags that it writes itself.
struct HashtagGenerator: HashtagWriter {
  private let generator: Generator
  private let spelling: HashtagSpelling
  private let wordPiece: WordPiece
  private let separator: [Int32]
  private let sampling: SamplingOptions

  /// - Throws: `ContainerError` naming what is missing or does not fit.
  init(
    model: ContainerFile, wordPiece: WordPiece, sampling: SamplingOptions = SamplingOptions()
  ) throws(ContainerError) {
    let section = "text/generationVocabulary"
    do {
      spelling = try HashtagSpelling(vocabulary: model.bytes(section))
    } catch let error as ContainerError {
      throw error
    } catch {
      throw model.failure(.value("\(error)"), section: section)
    }
    generator = try Generator(file: model)
    guard generator.configuration.vocabularySize == spelling.count else {
      throw model.failure(
        .value("has \(spelling.count) pieces, the generator \(generator.configuration.vocabularySize)"),
        section: section)
    }
    guard generator.encoder.configuration.vocabularySize >= wordPiece.count, generator.maximumTokens >= 8 else {
      throw model.failure(
        .metadata("generator.encoder: fewer pieces than the vocabulary, or no room for text"), section: "metadata")
    }
    self.wordPiece = wordPiece
    self.sampling = sampling
    var separator: [Int32] = []
    wordPiece.encode(";", into: &separator)
    self.separator = separator
  }

  var scratch: Int { generator.scratch }

  /// ASSIGNER Eq. 3: [CLS] h1 ; h2 ; … [SEP] tweet [SEP], or [CLS] [SEP] tweet [SEP] without hashtags. Too long a
  /// source loses the end of the tweet; too many pieces of hashtags lose the last hashtags, so that half the source is
  /// left for the tweet.
  ///
  /// - Parameters:
  ///   - hashtags: normal forms, best first.
  ///   - text: tweet normal form.
  func source(hashtags: [String], text: String) -> [Int32] {
    let limit = generator.maximumTokens
    var source: [Int32] = [wordPiece.cls]
    for (place, hashtag) in hashtags.enumerated() {
      var pieces = place > 0 ? separator : []
      wordPiece.encode(hashtag, into: &pieces)
      if source.count + pieces.count > limit / 2 { break }
      source += pieces
    }
    source.append(wordPiece.sep)
    wordPiece.encode(text, into: &source)
    if source.count > limit - 1 { source.removeSubrange((limit - 1)...) }
    source.append(wordPiece.sep)
    return source
  }

  func write(
    hashtags: [String], text: String, line: UInt64, arena: Arena
  ) throws(TensorError) -> [GeneratedHashtag] {
    let generations = try generator.candidates(
      source: source(hashtags: hashtags, text: text), options: sampling, line: line, arena: arena)
    var written: [GeneratedHashtag] = []
    for generation in generations {
      for (position, reading) in spelling.read(generation.tokens).enumerated() {
        let probabilities = reading.positions.map { Double(generation.probabilities[$0]) }
        written.append(
          GeneratedHashtag(
            normal: reading.hashtag, position: position,
            meanProbability: probabilities.reduce(0, +) / Double(max(1, probabilities.count)),
            leastProbability: probabilities.min() ?? 0))
      }
    }
    return written
  }
}
