// SPDX-License-Identifier: Apache-2.0

import Synchronization
import System

/// Learns from the lines of a session, in their order, and keeps what it learns in a journal where there is one.
package final class StreamLearner: @unchecked Sendable {
  // Sendable because `turn` lets one thread at a time teach.
  private let turn = Mutex(())
  private let options: LearningOptions
  private let journal: Journal?
  private var stream: LearnedStream

  /// - Parameters:
  ///   - dimension: components of the embeddings.
  ///   - journal: its lessons are learned first.
  /// - Throws: `SystemCallError` where the journal cannot be read.
  package init(dimension: Int, options: LearningOptions, journal: Journal? = nil) throws {
    self.options = options
    self.journal = journal
    stream = try journal?.replay(options: options) ?? LearnedStream(dimension: dimension, options: options)
  }

  /// A line that is answered, or teaches, or both.
  package struct Line: Sendable {
    package var words: [Lesson.Word]
    package var time: Int?
    /// Nil for a line that shall teach nothing.
    package var lesson: Lesson?

    package init(words: [Lesson.Word], time: Int? = nil, lesson: Lesson? = nil) {
      self.words = words
      self.time = time
      self.lesson = lesson
    }
  }

  /// The most lines that may be taken together.
  package static let mostLines = LiveRows.slack

  /// Takes in lines that are answered together: each is shown the stream as it was before it, then it teaches.
  ///
  /// - Returns: the stream, and the lines' moments. It must not be taught again before the lines are answered.
  package func take(_ lines: [Line]) -> (stream: LearnedStream, moments: [LearnedStream.Moment]) {
    precondition(lines.count <= Self.mostLines)
    return turn.withLock { _ in takeInTurn(lines) }
  }

  private func takeInTurn(_ lines: [Line]) -> (stream: LearnedStream, moments: [LearnedStream.Moment]) {
    var moments: [LearnedStream.Moment] = []
    moments.reserveCapacity(lines.count)
    let learn = { [self] in
      stream.begin()
      for line in lines {
        moments.append(stream.moment(words: line.words, time: line.time))
        guard var lesson = line.lesson else { continue }
        lesson.hashtags.removeAll { !options.permits(LearnedStream.normal($0)) }
        if lesson.hashtags.isEmpty { lesson.keepWordsAlone() }
        if stream.learn(lesson) != .nothing { journal?.append(lesson) }
      }
    }
    if let journal {
      journal.whileLearning(options: options, changed: { stream = $0 }, learn)
    } else {
      learn()
    }
    return (stream, moments)
  }

  /// Brings the journal to the disk. Returns the exit code of a program that could not keep it, nil where it could.
  package func finish() -> ProcessExit? {
    journal?.close()
    return journal?.exitStatus
  }
}
