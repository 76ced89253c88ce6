/// The answer to a ``Query``.
public struct Recommendation: Sendable {
  /// A recommended hashtag.
  public struct Hashtag: Sendable {
    /// Its spelling, without "#".
    public var tag: String
    /// Calibrated probability in [0, 1].
    public var score: Double
    public var sources: [Candidate.Source]
    public var features: FeatureVector
  }

  /// A retrieved tweet.
  public struct Neighbour: Sendable {
    /// Its number in the index.
    public var row: Int
    /// The cosine; with BM25 alone the share of the best score.
    public var similarity: Float
  }

  /// Best first, cut to the wish.
  public var hashtags: [Hashtag] = []
  /// Best first, as the retriever sees it.
  public var neighbours: [Neighbour] = []
  /// All candidates with their features, in the order in which they were found.
  public var candidates: [Candidate] = []
  /// With a time budget, what was made of it.
  public var budget: BudgetUse?
}
