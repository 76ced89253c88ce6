// SPDX-License-Identifier: Apache-2.0

import Retrieval
import Text

@testable import Learning

/// Made-up streams.
enum Samples {
  static let dimension = 24

  /// A vector of length 1 that a number stands for.
  static func vector(_ seed: UInt64, dimension: Int = dimension) -> [Float] {
    var random = SplitMix64(seed: seed)
    let values = (0..<dimension).map { _ in Float(random.next(below: 20_001)) / 10_000 - 1 }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / length }
  }

  static func words(_ text: String) -> [Lesson.Word] { Lesson.words(TweetWords.find(in: text), text: text) }

  static func lesson(
    _ text: String, _ hashtags: [String] = [], author: UInt64? = nil, time: Int? = nil, seed: UInt64? = nil
  ) -> Lesson {
    var lesson = Lesson()
    lesson.words = words(text)
    lesson.hashtags = hashtags
    if !hashtags.isEmpty { lesson.vector = QuantizedRow(vector(seed ?? text.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })) }
    (lesson.author, lesson.time) = (author, time)
    return lesson
  }

  /// Tweets of a made-up flood: some with hashtags, some that nearly repeat others, some without.
  static func stream(_ count: Int) -> [Lesson] {
    var random = SplitMix64(seed: 3)
    let places = ["Aluva", "Kochi", "Oslo", "Quito", "Paradise", "Rivertown"]
    let things = ["bridge", "school", "road", "shelter", "boat", "river", "market", "hospital"]
    var lessons: [Lesson] = []
    for number in 0..<count {
      if number % 9 == 8, let old = lessons.dropLast(3).last {
        lessons.append(old)
        continue
      }
      let (place, thing) = (places[random.next(below: 6)], things[random.next(below: 8)])
      let text =
        "The \(thing) in \(place) is under water since \(random.next(below: 40)) o'clock, call \(random.next(below: 500))"
      let hashtags = [[], [place + "Floods"], [place + "floods", thing], ["Rescue\(random.next(below: 20))"]][
        random.next(below: 4)]
      lessons.append(lesson(text, hashtags, author: number % 4 == 0 ? UInt64(number % 12 + 1) : nil, seed: random.next()))
    }
    return lessons
  }

  /// Everything that a stream says of a tweet.
  static func text(_ evidence: StreamEvidence) -> String {
    let hashtags = evidence.offered.map { normal in
      evidence.hashtag(normal).map { "\(normal) \($0.display) \($0.features)" } ?? "nothing"
    }
    return "\(evidence.size) \(evidence.nearest) \(hashtags)"
  }

  /// What every lesson's tweet is told before it teaches, taken in groups of `size`.
  static func answers(_ lessons: [Lesson], to learner: StreamLearner, groupsOf size: Int) -> [String] {
    let scratch = StreamScratch()
    return stride(from: 0, to: lessons.count, by: size).flatMap { first in
      let group = lessons[first..<min(first + size, lessons.count)]
      let (stream, moments) = learner.take(group.map { StreamLearner.Line(words: $0.words, time: $0.time, lesson: $0) })
      return zip(group, moments).map { lesson, moment in
        text(stream.evidence(for: query(lesson), at: moment, scratch))
      }
    }
  }

  static func query(_ lesson: Lesson) -> StreamQuery {
    StreamQuery(vector: lesson.vector ?? QuantizedRow(vector(UInt64(lesson.words.count))), words: lesson.words)
  }
}

extension StreamLearner {
  /// A learner of the samples' dimension without a file.
  static func of(_ change: (inout LearningOptions) -> Void = { _ in }) throws -> StreamLearner {
    var options = LearningOptions()
    change(&options)
    return try StreamLearner(dimension: Samples.dimension, options: options)
  }

  /// Teaches lessons one by one.
  func teach(_ lessons: [Lesson]) {
    for lesson in lessons { _ = take([Line(words: lesson.words, time: lesson.time, lesson: lesson)]) }
  }

  /// What is said now of a tweet.
  func ask(_ text: String, time: Int? = nil, seed: UInt64 = 1) -> StreamEvidence {
    let words = Samples.words(text)
    let (stream, moments) = take([Line(words: words, time: time)])
    return stream.evidence(
      for: StreamQuery(vector: QuantizedRow(Samples.vector(seed)), words: words), at: moments[0], StreamScratch())
  }
}
