// SPDX-License-Identifier: Apache-2.0

import Text

/// A hashtag of the stream. An object, so that looking at it copies nothing; only `HashtagCounts` changes it.
final class LearnedHashtag {
  let normal: String
  /// The spelling that most tweets have; of equally frequent ones the first that came.
  private(set) var display: String
  /// How it is spelled, and how often so, in the order in which the spellings first came.
  private var spellings: [(text: String, count: Int)] = []
  fileprivate(set) var count = DecayedCount()
  /// Live tweets that carry it, those included that are forgotten soon.
  fileprivate(set) var rows = RowList()
  /// Tweets that had taught before it was first seen.
  let firstSeen: Int
  fileprivate(set) var firstTime: Int?
  fileprivate(set) var lastTime: Int?

  fileprivate init(normal: String, firstSeen: Int) { (self.normal, display, self.firstSeen) = (normal, normal, firstSeen) }

  fileprivate func spell(_ text: String, most: Int) {
    if let place = spellings.firstIndex(where: { $0.text == text }) {
      spellings[place].count += 1
    } else if spellings.count < most {
      spellings.append((text, 1))
    }
    display = spellings.reduce((text: normal, count: 0)) { $1.count > $0.count ? $1 : $0 }.text
  }
}

/// The counts of the stream's hashtags. It holds a hashtag as long as a live tweet carries it.
///
/// Each hashtag has a slot, a number that another hashtag gets when this one is forgotten. No answer depends on the slots.
struct HashtagCounts {
  /// Hashtags that are candidates because they are counted most.
  static let leaderCount = 40
  private static let maximumSpellings = 8
  /// The live tweets of one account that count for a hashtag: at most three, or a quarter of all that carry it.
  private static let tweetsOfAuthor = 3
  private static let partOfAuthor = 4

  private let decay: Decay
  private var hashtags: [LearnedHashtag?] = []
  private var slots: [String: Int] = [:]
  private var free: [Int] = []
  /// Tweets that counted, decayed and in all.
  private(set) var total = DecayedCount()
  private(set) var taught = 0
  /// The slots that are counted most, the most first.
  private(set) var leaders: [Int] = []
  /// Live tweets of an account that carry a hashtag.
  private var ofAuthors: [Authorship: Int] = [:]
  /// What changed since `begin`: the state of a slot before a tweet taught, with how many had taught by then.
  private var changes: [Int: [(taught: Int, state: State)]] = [:]

  private struct Authorship: Hashable {
    var slot: Int
    var author: UInt64
  }

  /// What of a hashtag changes and cannot be told from its rows.
  struct State {
    var count: DecayedCount
    var display: String
    var firstSeen: Int
  }

  init(_ decay: Decay) { self.decay = decay }

  /// Lines that are answered together begin here: what comes before is settled.
  mutating func begin() { if !changes.isEmpty { changes = [:] } }

  var slotCount: Int { hashtags.count }

  /// The slot of a normal form.
  func slot(of normal: String) -> Int? { slots[normal] }

  /// The normal form of the hashtag in a slot.
  func normal(_ slot: Int) -> String? { hashtags[slot]?.normal }

  /// Some of the rows, ascending, that carry the hashtag in a slot.
  func rows(_ slot: Int, in rows: Range<Int>) -> ArraySlice<UInt32> { hashtags[slot]?.rows.rows(in: rows) ?? [] }

  /// Whether one of some rows carries the hashtag in a slot.
  func isCarried(_ slot: Int, in rows: Range<Int>) -> Bool { hashtags[slot].map { $0.rows.count(in: rows) > 0 } ?? false }

  /// All that there are, by normal form.
  var all: [LearnedHashtag] {
    hashtags.compactMap(\.self).sorted { $0.normal.utf8.lexicographicallyPrecedes($1.normal.utf8) }
  }

  /// A hashtag's state when so many tweets had taught, not before `begin`; nil where there is none.
  func state(_ slot: Int, taught: Int) -> State? {
    if !changes.isEmpty, let before = changes[slot]?.first(where: { $0.taught >= taught }) { return before.state }
    return hashtags[slot].map(Self.state)
  }

  private static func state(_ hashtag: LearnedHashtag) -> State {
    State(count: hashtag.count, display: hashtag.display, firstSeen: hashtag.firstSeen)
  }

  /// Which of a tweet's hashtags it teaches: not those that its author has taught often enough.
  ///
  /// - Parameter visible: the live rows.
  func teaching(_ forms: [(display: String, normal: String)], author: UInt64?, visible: Range<Int>) -> [(
    display: String, normal: String
  )] {
    guard let author else { return forms }
    return forms.filter { form in
      guard let slot = slots[form.normal], let hashtag = hashtags[slot] else { return true }
      let own = ofAuthors[Authorship(slot: slot, author: author), default: 0]
      return own < max(Self.tweetsOfAuthor, hashtag.rows.count(in: visible) / Self.partOfAuthor)
    }
  }

  /// Counts a tweet's hashtags, at least one, at a tick of the clock. Returns their slots.
  mutating func add(
    _ forms: [(display: String, normal: String)], row: Int, author: UInt64?, time: Int?, at tick: Double
  ) -> [Int] {
    let slots = forms.map { form in
      let slot = self.slot(for: form.normal)
      note(slot)
      guard let hashtag = hashtags[slot] else { return slot }
      hashtag.count.add(at: tick, decay)
      hashtag.rows.append(row)
      hashtag.spell(form.display, most: Self.maximumSpellings)
      if let time { (hashtag.firstTime, hashtag.lastTime) = (hashtag.firstTime ?? time, time) }
      if let author { ofAuthors[Authorship(slot: slot, author: author), default: 0] += 1 }
      return slot
    }
    total.add(at: tick, decay)
    taught += 1
    for slot in slots { lead(slot) }
    return slots
  }

  /// Takes off a row that is forgotten, and the hashtags that no other row carries.
  mutating func forget(_ slots: some Sequence<Int>, author: UInt64) {
    var isLeaderGone = false
    for slot in slots {
      if author != 0, let count = ofAuthors[Authorship(slot: slot, author: author)] {
        ofAuthors[Authorship(slot: slot, author: author)] = count > 1 ? count - 1 : nil
      }
      hashtags[slot]?.rows.removeFirst()
      guard let hashtag = hashtags[slot], hashtag.rows.isEmpty else { continue }
      note(slot)
      hashtags[slot] = nil
      self.slots[hashtag.normal] = nil
      free.append(slot)
      isLeaderGone = isLeaderGone || leaders.contains(slot)
    }
    if isLeaderGone { findLeaders() }
  }

  private mutating func slot(for normal: String) -> Int {
    if let slot = slots[normal] { return slot }
    let slot = free.popLast() ?? hashtags.count
    if slot == hashtags.count { hashtags.append(nil) }
    slots[normal] = slot
    hashtags[slot] = LearnedHashtag(normal: normal, firstSeen: taught)
    return slot
  }

  /// Keeps a slot's state for lines that come before the tweet in hand.
  private mutating func note(_ slot: Int) {
    guard let hashtag = hashtags[slot] else { return }
    changes[slot, default: []].append((taught, Self.state(hashtag)))
  }

  // MARK: The hashtags that are counted most

  /// Puts a hashtag whose count has grown into its place among the leaders.
  private mutating func lead(_ slot: Int) {
    leaders.removeAll { $0 == slot }
    let place = leaders.firstIndex { precedes(slot, $0) } ?? leaders.count
    if place < Self.leaderCount { leaders.insert(slot, at: place) }
    if leaders.count > Self.leaderCount { leaders.removeLast() }
  }

  private mutating func findLeaders() {
    let there = hashtags.indices.filter { hashtags[$0] != nil }
    leaders = Array(there.sorted(by: precedes).prefix(Self.leaderCount))
  }

  /// Counts fall alike, so the order changes only where one grows. Of equal counts the older hashtag comes first, then the
  /// one whose normal form does.
  private func precedes(_ a: Int, _ b: Int) -> Bool {
    guard let (x, y) = hashtags[a].flatMap({ x in hashtags[b].map { (x, $0) } }) else { return false }
    let (first, second) = (decay.order(x.count), decay.order(y.count))
    if first != second { return first > second }
    if x.firstSeen != y.firstSeen { return x.firstSeen < y.firstSeen }
    return x.normal.utf8.lexicographicallyPrecedes(y.normal.utf8)
  }
}
