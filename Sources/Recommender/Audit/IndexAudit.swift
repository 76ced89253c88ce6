// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import Text

/// What a person should look at in an index, event by event: ASSIGNER's "bias audits and corpus maintenance".
///
/// It finds and counts; it changes nothing. The same index and options give the same findings.
package struct IndexAudit: Sendable {
  package struct Options: Sendable {
    /// An event without a tweet since then (seconds since 1970) is over. By default a year before the index's newest tweet.
    package var since: Int?
    /// Parts of hashtags' normal forms that offend.
    package var offensive = AuditWords.offensive

    package init() {}
  }

  /// A hashtag that was found, with the number of its tweets and what gave the finding.
  package struct Finding: Equatable, Sendable {
    package var hashtag: String
    package var tweets: Int
    package var reason: String
  }

  /// A group of hashtags and tweets that belong to one event, as far as co-occurrence shows.
  package struct Event: Sendable {
    /// Its most frequent hashtags; empty for what belongs to no event.
    package var names: [String]
    package var tweets = 0
    package var hashtags = 0
    /// The number of its hashtags by script; scripts without any are left out.
    package var scripts: [(script: WritingScript, hashtags: Int)] = []
    /// When its newest tweet was written; nil if no row tells.
    package var newest: Int?
    /// Whether that is too long ago; nil if no row tells.
    package var isOver: Bool?
    package var outdated: [Finding] = []
    package var repeated: [Finding] = []
    package var promotional: [Finding] = []
    package var offensive: [Finding] = []
    /// Hashtags of a single tweet.
    package var once: [String] = []
  }

  package let tweets: Int
  package let hashtags: Int
  /// Tweets whose id tells when they were written.
  package let timedTweets: Int
  /// The bound of `Options.since`; nil if neither an option nor a row gives one.
  package let since: Int?
  /// The events, most tweets first. What belongs to none comes last.
  package let events: [Event]

  /// A hashtag belongs to an event alone if at least four fifths of its tweets do.
  private static let ownShare = (part: 4, of: 5)
  /// A hashtag is repeated if at most a quarter of its tweets say something of their own.
  fileprivate static let repeatedShare = 4

  /// - Complexity: O(row-hashtag pairs + hashtags × 64² × d) at most. Three seconds for 112,000 tweets.
  /// - Throws: `ContainerError` if the rows' names are damaged.
  package init(_ index: CorpusIndex, _ options: Options = Options()) throws(ContainerError) {
    let clusters = EventClusters(index)
    let repeats = RepeatedTweets(index)
    var times: [Int?] = []
    for row in 0..<index.rowCount { times.append(TweetTime.seconds(ofID: try index.identifier(ofRow: row))) }
    let since = options.since ?? times.lazy.compactMap(\.self).max().map { $0 - 365 * 86_400 }
    let last = clusters.leaders.count
    var events = clusters.leaders.map { Event(names: $0.prefix(3).map(index.display)) } + [Event(names: [])]
    func place(_ cluster: Int32) -> Int { cluster == EventClusters.none ? last : Int(cluster) }
    for row in 0..<index.rowCount {
      let event = place(clusters.ofRow[row])
      events[event].tweets += 1
      if let time = times[row] { events[event].newest = max(events[event].newest ?? time, time) }
    }
    for event in events.indices {
      if let newest = events[event].newest, let since { events[event].isOver = newest < since }
    }
    let order = (0..<index.hashtagCount).sorted { (index.frequency($1), $0) < (index.frequency($0), $1) }
    var scripts = [[Int]](repeating: [Int](repeating: 0, count: WritingScript.allCases.count), count: events.count)
    for hashtag in order where index.frequency(hashtag) > 0 {
      let event = place(clusters.ofHashtag[hashtag])
      let own = repeats.rows[hashtag].count { place(clusters.ofRow[Int($0)]) == event }
      let isOwn = event != last && own * Self.ownShare.of >= repeats.rows[hashtag].count * Self.ownShare.part
      events[event].add(hashtag, of: index, repeats, isOwn: isOwn, since: since, offensive: options.offensive)
      let script = WritingScript.of(index.display(hashtag))
      if let number = WritingScript.allCases.firstIndex(of: script) { scripts[event][number] += 1 }
    }
    for event in events.indices {
      events[event].scripts = zip(WritingScript.allCases, scripts[event]).filter { $1 > 0 }.map { ($0, $1) }
    }
    let rest = events.removeLast()
    let sorted = events.enumerated().sorted { ($1.element.tweets, $0.offset) < ($0.element.tweets, $1.offset) }.map(\.element)
    self.events = sorted + (rest.tweets + rest.hashtags > 0 ? [rest] : [])
    self.since = since
    (tweets, hashtags) = (index.rowCount, index.hashtagCount)
    timedTweets = times.count { $0 != nil }
  }
}

extension IndexAudit.Event {
  /// Counts a hashtag, and notes what is to be found about it.
  ///
  /// - Parameter isOwn: whether it belongs to this event alone.
  fileprivate mutating func add(
    _ hashtag: Int, of index: CorpusIndex, _ repeats: RepeatedTweets, isOwn: Bool, since: Int?, offensive words: [String]
  ) {
    let (normal, display, tweets) = (index.normal(hashtag), index.display(hashtag), index.frequency(hashtag))
    func finding(_ reason: String) -> IndexAudit.Finding { .init(hashtag: display, tweets: tweets, reason: reason) }
    hashtags += 1
    if tweets == 1 { once.append(display) }
    if isOver == true, isOwn {
      outdated.append(finding("its event is over"))
    } else if let since, let year = TweetTime.year(in: normal), year < Self.year(of: since) {
      outdated.append(finding("it names \(year)"))
    }
    if let word = AuditWords.promotion(in: normal) { promotional.append(finding("has \"\(word)\"")) }
    if let word = AuditWords.offence(in: normal, words: words) { offensive.append(finding("has \"\(word)\"")) }
    if let (looked, distinct) = repeats.distinct(hashtag), distinct * IndexAudit.repeatedShare <= looked {
      repeated.append(finding("\(distinct) distinct of \(looked)"))
    }
  }

  private static func year(of seconds: Int) -> Int { Int(Timestamp.text(seconds).prefix(4)) ?? 0 }
}
