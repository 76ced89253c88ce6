// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// What answering will keep in memory, counted before anything large is loaded.
///
/// Every part is counted from the files' tables and the networks' shapes; nothing is measured but what the program itself
/// has resident when it starts. It counts as if each byte that may be touched were: a mapped model of which few rows are
/// looked up takes less.
package struct MemoryPlan: Equatable, Sendable {
  /// Bytes of the files that stay resident: all of a file that is read, of a mapped one the sections that are used.
  package var model: Int
  package var index: Int
  /// Vocabularies, hashtags' spellings and the ranking, unpacked into tables.
  package var tables = 0
  /// Live rows of the stream, once there are as many as are kept.
  package var learned = 0
  /// Scratch memory and stack of each thread.
  package var worker = 0
  package var threads = 0
  /// The program, its libraries, and buffers for lines.
  package var program: Int

  /// What a program that has just started comes to touch besides: more of its code, the buffers of the line protocol.
  static let programGrowth = 3 << 20
  /// What a table takes for each byte of the section that it is made of, places and hash slots included.
  static let tableFactor = 4
  /// What a thread takes besides its arena: its stack, its share of the allocator, what one answer allocates.
  static let threadOverhead = 1 << 20

  /// The files alone: the least there can be, known before they are opened.
  ///
  /// - Parameters:
  ///   - model, index: bytes of the files.
  ///   - started: what the program had resident when it had just started.
  package init(model: Int, index: Int, started: Int) {
    self.model = model
    self.index = index
    program = started + Self.programGrowth
  }

  package var total: Int { model + index + tables + learned + worker * threads + program }

  /// The same on as many threads as the limit leaves room for, but no more than planned; nil where there is none for one.
  func fitting(_ limit: Int) -> MemoryPlan? {
    var plan = self
    plan.threads = 0
    let room = limit - plan.total
    guard room >= worker, worker > 0 else { return nil }
    plan.threads = min(threads, room / worker)
    return plan
  }
}
