// SPDX-License-Identifier: Apache-2.0
/// The answer to one tweet.
package struct Answer: Equatable, Sendable {
  /// A recommended hashtag.
  package struct Hashtag: Equatable, Sendable {
    /// The spelling, without the "#".
    package var tag: String
    /// The probability that a person would use the hashtag here, in [0, 1].
    package var score: Double
    /// The sources: "retrieved", "selected", "text", "generated", "typed".
    package var from: [String]
    /// The ranking's features by name; written with `--explain`.
    package var features: [(name: String, value: Double)]

    package init(tag: String, score: Double, from: [String], features: [(name: String, value: Double)] = []) {
      self.tag = tag
      self.score = score
      self.from = from
      self.features = features
    }

    package static func == (a: Self, b: Self) -> Bool {
      a.tag == b.tag && a.score == b.score && a.from == b.from
        && a.features.elementsEqual(b.features) { $0.name == $1.name && $0.value == $1.value }
    }
  }

  /// A retrieved tweet; written with `--explain`.
  package struct Neighbour: Equatable, Sendable {
    package var id: String
    package var similarity: Double
    package var hashtags: [String]

    package init(id: String, similarity: Double, hashtags: [String]) {
      self.id = id
      self.similarity = similarity
      self.hashtags = hashtags
    }
  }

  /// The use of a time budget.
  package struct Budget: Equatable, Sendable {
    /// The budget and the time that the answer took, in milliseconds.
    package var milliseconds, taken: Double
    /// Denoising steps; 0 if the generator did not run; nil for a generator without a choice of steps.
    package var steps: Int?
    /// Generated sequences; 0 if the generator did not run.
    package var candidates: Int

    package init(milliseconds: Double, taken: Double, steps: Int?, candidates: Int) {
      self.milliseconds = milliseconds
      self.taken = taken
      self.steps = steps
      self.candidates = candidates
    }
  }

  /// Best first.
  package var hashtags: [Hashtag]
  /// Nearest first.
  package var neighbours: [Neighbour]
  /// Nil without a time budget.
  package var budget: Budget?

  package init(hashtags: [Hashtag] = [], neighbours: [Neighbour] = [], budget: Budget? = nil) {
    self.hashtags = hashtags
    self.neighbours = neighbours
    self.budget = budget
  }
}
