// SPDX-License-Identifier: Apache-2.0

import Text

/// The options of learning.
package struct LearningOptions: Sendable {
  /// The maximum number of tweets with hashtags to keep. When there are more, the oldest is forgotten.
  package var rows = 100_000
  package var halfLife = HalfLife.tweets(200)
  /// Whether a hashtag, by its normal form, may be learned at all.
  package var permits: @Sendable (String) -> Bool = { _ in true }

  package init() {}
}

/// A person's decisions about hashtags, by normal form.
package struct Decisions: Equatable, Sendable {
  /// Offered from their first tweet on.
  package var approved: Set<String> = []
  /// Neither counted nor offered.
  package var denied: Set<String> = []

  package init() {}
}

/// The memory of a stream: the tweets with hashtags that are not forgotten, the counts of their hashtags, and the frequencies of
/// words.
///
/// Lessons are taken in one after the other, between two groups of lines that are answered together; while these are
/// answered nothing changes, and each line sees the stream as it was at its own moment. The state depends on the lessons
/// alone, so the answers do not depend on how lines were grouped.
package final class LearnedStream: @unchecked Sendable {
  // Sendable because it is read by many threads or changed by one, never both; whoever teaches sees to that. So accesses are
  // not checked at run time either.
  package let dimension: Int
  package let options: LearningOptions
  package let decisions: Decisions
  @exclusivity(unchecked) private(set) var rows: LiveRows
  @exclusivity(unchecked) private(set) var counts: HashtagCounts
  @exclusivity(unchecked) private(set) var words = WordPostings()
  @exclusivity(unchecked) private var bursts: WordBursts
  let decay: Decay
  /// Lines that taught anything.
  @exclusivity(unchecked) package private(set) var lessons = 0
  /// The latest time that a line has given.
  @exclusivity(unchecked) private var time = 0

  /// - Parameter dimension: components of the embeddings.
  package init(dimension: Int, options: LearningOptions, decisions: Decisions = Decisions()) {
    self.dimension = dimension
    self.options = options
    self.decisions = decisions
    decay = Decay(options.halfLife)
    rows = LiveRows(dimension: dimension, limit: options.rows)
    counts = HashtagCounts(decay)
    bursts = WordBursts(decay)
  }

  /// The stream at one place between two lines: what a line sees of it.
  package struct Moment: Sendable {
    /// Tweets that had taught hashtags, and those of them that are live.
    let taught: Int
    let visible: Range<Int>
    let tick: Double
    let total: DecayedCount
    let leaders: [Int]
    /// How much more each of some words is said than before; words that are said as ever are left out.
    let bursts: [(word: UInt32, burst: Double)]
  }

  /// Lines that are answered together, no more than `LiveRows.slack`, begin here.
  package func begin() { counts.begin() }

  /// The stream as the next line sees it.
  ///
  /// - Parameters:
  ///   - words: of that line.
  ///   - time: when its tweet was written, in seconds since 1970.
  package func moment(words: [Lesson.Word], time: Int? = nil) -> Moment {
    let now = max(self.time, time ?? 0)
    return Moment(
      taught: counts.taught, visible: rows.visible, tick: tick(of: counts.taught, now), total: counts.total,
      leaders: counts.leaders, bursts: bursts.bursts(of: words, at: tick(of: lessons, now)))
  }

  /// The effect of a lesson.
  package enum Outcome: Equatable, Sendable {
    /// It counts for these normal forms.
    case taught([String])
    /// It has no hashtag that counts: its words alone were learned.
    case words
    /// It repeats a live tweet, or is empty: the stream is as it was.
    case nothing
  }

  /// Takes a lesson in. Of a tweet with hashtags that nearly repeats a live one nothing counts.
  @discardableResult
  package func learn(_ lesson: Lesson) -> Outcome {
    let keys = lesson.keys
    let forms = permitted(lesson.hashtags)
    guard let vector = lesson.vector, vector.values.count == dimension, !forms.isEmpty else {
      say(keys, lesson.time)
      return keys.isEmpty ? .nothing : .words
    }
    if words.hasNearDuplicate(keys, in: rows.visible, rows) { return .nothing }
    say(keys, lesson.time)
    let teaching = counts.teaching(forms, author: lesson.author, visible: rows.visible)
    if teaching.isEmpty { return .words }
    let row = rows.end
    let slots = counts.add(
      teaching, row: row, author: lesson.author, time: lesson.time, at: tick(of: counts.taught, self.time))
    words.append(row, words: keys)
    rows.append(vector, words: keys, hashtags: slots, author: lesson.author)
    while let old = rows.overdue { forget(old) }
    return .taught(teaching.map(\.normal))
  }

  /// All hashtags that have live tweets, by normal form, and how many of the live tweets there are.
  package func hashtags() -> [LearnedTag] {
    counts.all.compactMap { hashtag in
      let carried = hashtag.rows.rows(in: rows.visible)
      guard !carried.isEmpty else { return nil }
      return LearnedTag(
        normal: hashtag.normal, display: hashtag.display, tweets: carried.count, authors: authors(of: carried),
        firstTime: hashtag.firstTime, lastTime: hashtag.lastTime, isApproved: decisions.approved.contains(hashtag.normal))
    }
  }

  /// Tweets with hashtags that are live.
  package var liveRows: Int { rows.visible.count }

  /// Bytes that a stream takes with so many rows of middle length.
  package static func footprint(rows: Int, dimension: Int) -> Int { LiveRows.footprint(rows: rows, dimension: dimension) }

  private func say(_ keys: [UInt32], _ time: Int?) {
    if keys.isEmpty { return }
    if let time { self.time = max(self.time, time) }
    bursts.add(keys, at: tick(of: lessons, self.time))
    lessons += 1
  }

  /// The clock: what has passed of the stream, in lines of some kind or in time.
  private func tick(of lines: Int, _ time: Int) -> Double { options.halfLife.isTime ? Double(time) : Double(lines) }

  private func permitted(_ hashtags: [String]) -> [(display: String, normal: String)] {
    var seen: Set<String> = []
    var forms: [(display: String, normal: String)] = []
    for display in hashtags.prefix(Lesson.maximumHashtags) {
      guard let normal = HashtagNormalForm.hashtag(display), options.permits(normal), !decisions.denied.contains(normal),
        seen.insert(normal).inserted
      else { continue }
      forms.append((display, normal))
    }
    return forms
  }

  /// The normal form by which hashtags are compared.
  package static func normal(_ hashtag: String) -> String { HashtagNormalForm.normalize(hashtag) }

  private func forget(_ row: Int) {
    let (segment, place) = rows.place(of: row)
    words.removeFirst(words: segment.words(place))
    counts.forget(segment.hashtags(place).map { Int($0) }, author: segment.authors[place])
    rows.removeFirst()
  }

  /// The number of accounts that wrote some rows. Each row without an author counts as one account.
  func authors(of rows: ArraySlice<UInt32>) -> Int {
    var known: Set<UInt64> = []
    var unknown = 0
    for row in rows {
      let author = author(of: row)
      if author == 0 { unknown += 1 } else { known.insert(author) }
    }
    return known.count + unknown
  }

  /// Whether more than one account wrote some rows, at least one.
  func hasSeveralAuthors(_ rows: ArraySlice<UInt32>) -> Bool {
    guard let first = rows.first.map(author) else { return false }
    return rows.dropFirst().contains { first == 0 || author(of: $0) != first }
  }

  private func author(of row: UInt32) -> UInt64 {
    let (segment, place) = self.rows.place(of: Int(row))
    return segment.authors[place]
  }
}

/// A hashtag that was learned, for a person to look at.
package struct LearnedTag: Equatable, Sendable {
  package var normal: String
  package var display: String
  /// Distinct live tweets that carry it, and the accounts that wrote them.
  package var tweets: Int
  package var authors: Int
  /// Seconds since 1970, where lines said.
  package var firstTime: Int?
  package var lastTime: Int?
  package var isApproved: Bool
}
