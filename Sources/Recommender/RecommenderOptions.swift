import Diffusion

/// How a tweet goes its way.
public struct RecommenderOptions: Sendable {
  /// k, the hashtags recommended where the line does not say.
  public var count = 5
  /// N, the tweets retrieved.
  public var neighbours = 30
  /// p, the retrieved hashtags that the generator is told.
  public var hints = 5
  /// Whether the generator runs at all. Without it an answer costs one encoder pass per network.
  public var usesGenerator = true
  public var sampling = SamplingOptions()
  /// Hashtags with a lower score are not recommended.
  public var threshold = 0.0
  public var filter = HashtagFilter()

  public init() {}
}
