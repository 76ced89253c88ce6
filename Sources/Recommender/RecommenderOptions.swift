import Decoding
import Diffusion

/// How hashtags are generated.
public enum GenerationMethod: String, CaseIterable, Sendable {
  /// All positions at once, from noise, in a few denoising steps (ASSIGNER).
  case diffusion
  /// Piece by piece, by greedy or beam search (RIGHT; ASSIGNER's "without diffusion").
  case autoregressive = "ar"
  /// Not at all: an answer then costs one encoder pass per network.
  case none
}

/// How a tweet goes its way.
public struct RecommenderOptions: Sendable {
  /// k, the hashtags recommended at most where the line does not say.
  public var count = 5
  public var retriever = Retriever.dense
  /// N, the tweets retrieved; 0 for none.
  public var neighbours = 30
  /// Whether the selector compares the tweet with hashtags; without it r(d_q, h) is 0.
  public var selector = true
  /// p, the retrieved hashtags that the generator is told.
  public var hints = 5
  /// How the generator writes; nil for the way its network was trained for.
  public var generation: GenerationMethod?
  /// For diffusion; its `candidates` are the sequences that a search returns, too, as far as it has so many beams.
  public var sampling = SamplingOptions()
  /// For a search: sequences followed at once, and the power of the length that scores are divided by; nil for the
  /// network's own.
  public var beams: Int?
  public var lengthPenalty: Double?
  public var ranking = RankingMethod.learned
  /// Hashtags with a lower score are not recommended. Nil: with a learned ranking, whose scores are probabilities, as many
  /// are recommended as let expect the largest F1; with another one all.
  public var threshold: Double?
  public var filter = HashtagFilter()
  /// The time that an answer may take: steps and candidates are then the most that the generator does, and it does less, or
  /// nothing, where they would take longer. Answers then depend on the speed of the machine.
  public var budget: Duration?

  public init() {}
  /// The search's options, where they differ from the network's own.
  func search(_ defaults: BeamOptions) -> BeamOptions {
    var search = defaults
    search.beams = beams ?? search.beams
    search.lengthPenalty = lengthPenalty ?? search.lengthPenalty
    search.sequences = sampling.candidates
    return search
  }
}
