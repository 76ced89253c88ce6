/// What is said about one tweet.
public struct Answer: Equatable, Sendable {
  /// A recommended hashtag.
  public struct Hashtag: Equatable, Sendable {
    /// Its spelling, without the "#".
    public var tag: String
    /// Probability that a person would use it here, in [0, 1].
    public var score: Double
    /// Where it came from: "retrieved", "selected", "text", "generated", "typed".
    public var from: [String]
    /// What the ranking saw of it, by name; written under `--explain`.
    public var features: [(name: String, value: Double)]

    public init(tag: String, score: Double, from: [String], features: [(name: String, value: Double)] = []) {
      self.tag = tag
      self.score = score
      self.from = from
      self.features = features
    }

    public static func == (a: Self, b: Self) -> Bool {
      a.tag == b.tag && a.score == b.score && a.from == b.from
        && a.features.elementsEqual(b.features) { $0.name == $1.name && $0.value == $1.value }
    }
  }

  /// A retrieved tweet; written under `--explain`.
  public struct Neighbour: Equatable, Sendable {
    public var id: String
    public var similarity: Double
    public var hashtags: [String]

    public init(id: String, similarity: Double, hashtags: [String]) {
      self.id = id
      self.similarity = similarity
      self.hashtags = hashtags
    }
  }

  /// What was made of a time budget.
  public struct Budget: Equatable, Sendable {
    /// The budget and the time that the answer took, in milliseconds.
    public var milliseconds, taken: Double
    /// Denoising steps, 0 without the generator; nil for a generator without steps to choose.
    public var steps: Int?
    /// Sequences drawn, 0 without the generator.
    public var candidates: Int

    public init(milliseconds: Double, taken: Double, steps: Int?, candidates: Int) {
      self.milliseconds = milliseconds
      self.taken = taken
      self.steps = steps
      self.candidates = candidates
    }
  }

  /// Best first.
  public var hashtags: [Hashtag]
  /// Nearest first.
  public var neighbours: [Neighbour]
  /// Nil where there is none.
  public var budget: Budget?

  public init(hashtags: [Hashtag] = [], neighbours: [Neighbour] = [], budget: Budget? = nil) {
    self.hashtags = hashtags
    self.neighbours = neighbours
    self.budget = budget
  }
}
