// SPDX-License-Identifier: Apache-2.0

import System
import Text

/// The file in which a program keeps what it learns: records are added at its end and never changed.
///
/// What is written is in the system's hands before the lines it comes from are answered, so it outlives the program however
/// that ends; within a second it is on the disk. A record that was cut off or damaged is dropped with all that follows, and
/// the next start says so. Where a write fails, nothing more is written, and answers go on.
package final class Journal {
  private let file: SharedFile
  private let header: JournalHeader
  private let sync: JournalSync
  private let say: (String) -> Void
  /// Where the next record goes: behind the last whole one.
  private var end = 0
  /// Where the first one stands.
  private var start = 0
  private var waiting: [UInt8] = []
  /// Why nothing is written any more: a `JournalError` or a `SystemCallError`.
  private(set) var failure: (any Error)?

  package var path: String { file.path }

  /// Opens a journal to learn with, or makes one; see `replay`.
  ///
  /// - Parameter say: tells the person at the terminal what happened to the file.
  /// - Throws: `SystemCallError` where it cannot be opened or made, `inUse` where another program learns with it,
  ///   `otherModel`, `foreign` for a file that is none.
  package init(path: String, header: JournalHeader, say: @escaping (String) -> Void) throws {
    file = try SharedFile(path: path, for: .keep)
    guard file.isRegular || file.isDevice else { throw JournalError.notRegular(path: path) }
    if !file.isDevice, try !file.keep() { throw JournalError.inUse(path: path) }
    self.header = header
    self.say = say
    sync = JournalSync(file)
    try file.whileAdding {
      let bytes = file.isDevice ? [] : try file.read(JournalHeader.most, at: 0)
      if let found = try JournalHeader.read(bytes, path: path) {
        guard found.header == header else {
          throw JournalError.otherModel(
            path: path, journal: found.header.modelFingerprint, model: header.modelFingerprint)
        }
        end = found.length
      } else {
        // No more was written than a part of this header, or somebody else wrote it.
        guard header.bytes.starts(with: bytes) else { throw JournalError.foreign(path: path, "its header is damaged") }
        if !bytes.isEmpty { say("\(path): its header was cut off and nothing follows; the journal begins anew") }
        waiting = header.bytes
        write()
      }
      start = end
    }
  }

  /// What a journal says, from its beginning; drops what stands behind the last whole record.
  func replay(options: LearningOptions) throws -> LearnedStream {
    guard failure == nil, !file.isDevice else { return LearnedStream(dimension: header.dimension, options: options) }
    return try file.whileAdding { try replayLocked(options: options) }
  }

  private func replayLocked(options: LearningOptions) throws -> LearnedStream {
    let replay = try JournalReplay(file: file, from: start, dimension: header.dimension, options: options)
    try drop(behind: replay.end)
    return replay.stream
  }

  /// Calls `body`, whose lessons are written when it has ended; no other program can append meanwhile.
  ///
  /// - Parameter changed: called first where somebody has added to the journal, with the stream as it is now.
  func whileLearning(options: LearningOptions, changed: (LearnedStream) -> Void, _ body: () -> Void) {
    guard failure == nil else { return body() }
    do {
      try file.whileAdding {
        let size = try file.size
        if size < end, !file.isDevice { throw JournalError.cut(path: path) }
        if size > end, !file.isDevice { changed(try replayLocked(options: options)) }
        body()
        write()
      }
    } catch {
      fail(error)
      body()
    }
  }

  func append(_ lesson: Lesson) {
    if failure == nil { waiting += RecordCoding.encode(.lesson(lesson)) }
  }

  /// How a program ends that could not keep its journal; nil where it could.
  var exitStatus: ProcessExit? {
    failure.map { ($0 as? JournalError)?.exitStatus ?? .inputOutput }
  }

  /// Brings everything to the disk. Nothing can be learned with it afterwards.
  func close() {
    sync.end()
    if failure == nil, let error = sync.failure { fail(error) }
    if !file.isDevice { file.letGo() }
  }

  private func write() {
    if failure == nil, let error = sync.failure { fail(error) }
    guard failure == nil, !waiting.isEmpty else { return }
    do {
      try file.write(waiting, at: end)
      end += waiting.count
      waiting.removeAll(keepingCapacity: true)
      sync.note()
    } catch {
      fail(error)
      // Half a record is of no use; should it stay, the next start drops it.
      try? file.cut(to: end)
    }
  }

  private func fail(_ error: any Error) {
    failure = error
    waiting = []
    say("\(error); nothing more is written to the journal, answers go on")
  }

  private func drop(behind end: Int) throws {
    let rest = try file.size - end
    if rest > 0 {
      say("\(path): \(rest) bytes from byte \(end) on are no whole record, and are dropped")
      try file.cut(to: end)
    }
    self.end = end
  }
}

/// Reads a journal from its beginning into a stream.
///
/// A decision holds for the whole journal. A forgotten hashtag is left out of all lessons before that decision, as if nobody had
/// taught it. A denied hashtag is left out of all lessons.
struct JournalReplay {
  let stream: LearnedStream
  /// Behind the last whole record.
  let end: Int

  /// - Parameters:
  ///   - start: where the first record stands.
  ///   - learned: told of every lesson and what it came to.
  init(
    file: SharedFile, from start: Int, dimension: Int, options: LearningOptions,
    learned: (_ number: Int, Lesson, LearnedStream.Outcome) throws -> Void = { _, _, _ in }
  ) throws {
    var reader = JournalReader(file, dimension: dimension, from: start)
    var decided: [(number: Int, decision: JournalRecord.Decision, hashtag: String)] = []
    var spellings = OldForms()
    var number = 0
    while let record = try reader.next() {
      switch record {
      case .decision(let decision, let hashtag): decided.append((number, decision, hashtag))
      case .lesson(let lesson): lesson.hashtags.forEach { spellings.note($0) }
      }
      number += 1
    }
    var decisions = Decisions()
    var forgotten: [String: Int] = [:]
    for (number, decision, hashtag) in decided {
      for normal in spellings.normals(of: hashtag) {
        decisions.approved.remove(normal)
        decisions.denied.remove(normal)
        switch decision {
        case .approve: decisions.approved.insert(normal)
        case .deny: decisions.denied.insert(normal)
        case .forget: forgotten[normal] = number
        }
      }
    }
    end = reader.end
    stream = LearnedStream(dimension: dimension, options: options, decisions: decisions)
    reader = JournalReader(file, dimension: dimension, from: start)
    number = 0
    while reader.end < end, let record = try reader.next() {
      if case .lesson(var lesson) = record {
        if !forgotten.isEmpty {
          lesson.hashtags.removeAll { forgotten[LearnedStream.normal($0), default: -1] > number }
        }
        // Nobody is answered while a journal is read.
        stream.begin()
        try learned(number, lesson, stream.learn(lesson))
      }
      number += 1
    }
  }
}

/// What the hashtags of decisions stand for. A decision of an older program has the normal form of version 1, "caf" for #Café: it is
/// meant for every hashtag of the journal that had this form.
private struct OldForms {
  private var normals: [String: Set<String>] = [:]

  mutating func note(_ spelling: String) {
    if spelling.utf8.allSatisfy({ $0 < 0x80 }) { return }
    normals[HashtagNormalForm.ascii(spelling), default: []].insert(HashtagNormalForm.normalize(spelling))
  }

  func normals(of hashtag: String) -> Set<String> {
    if hashtag.utf8.first == UInt8(ascii: "#") { return [String(hashtag.dropFirst())] }
    return normals[hashtag, default: []].union([hashtag])
  }
}
