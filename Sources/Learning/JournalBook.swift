// SPDX-License-Identifier: Apache-2.0

import System

/// A journal as a person looks at it: what it has taught, and what is to become of it. A program that learns with it at the
/// same time takes a decision up before its next lines.
package struct JournalBook {
  private let file: SharedFile
  package let header: JournalHeader
  private let start: Int

  /// - Parameter deciding: whether decisions will be added.
  /// - Throws: `SystemCallError` where it cannot be opened, `notRegular`, `foreign`.
  package init(path: String, deciding: Bool = false) throws {
    file = try SharedFile(path: path, for: deciding ? .add : .read)
    if !file.isRegular { throw JournalError.notRegular(path: path) }
    guard let found = try JournalHeader.read(file.read(JournalHeader.most, at: 0), path: path) else {
      throw JournalError.foreign(path: path, "its header is cut off, it holds nothing")
    }
    (header, start) = (found.header, found.length)
  }

  /// What the journal says.
  package struct Contents {
    package let stream: LearnedStream
    /// Bytes at its end that are no whole record.
    package let rest: Int
  }

  /// Reads it from its beginning.
  ///
  /// - Parameter learned: told of every lesson, its number counted from 0, and what it came to.
  package func read(
    options: LearningOptions = LearningOptions(),
    _ learned: (_ number: Int, Lesson, LearnedStream.Outcome) throws -> Void = { _, _, _ in }
  ) throws -> Contents {
    let size = try file.size
    let replay = try JournalReplay(
      file: file, from: start, dimension: header.dimension, options: options, learned: learned)
    return Contents(stream: replay.stream, rest: max(0, size - replay.end))
  }

  /// Adds what a person has decided of hashtags, given by their normal forms. What stands behind the last whole record is
  /// dropped first; its size is returned.
  package func add(_ decision: JournalRecord.Decision, of hashtags: [String]) throws -> Int {
    try file.whileAdding {
      var reader = JournalReader(file, dimension: header.dimension, from: start)
      while try reader.next() != nil {}
      let rest = try file.size - reader.end
      if rest > 0 { try file.cut(to: reader.end) }
      try file.write(
        hashtags.flatMap { RecordCoding.encode(.decision(decision, hashtag: "#" + $0)) }, at: reader.end)
      try file.synchronize()
      return rest
    }
  }
}
