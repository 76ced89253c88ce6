// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The memory that answering needs, computed before anything large is loaded.
///
/// Every part is computed from the files' tables and the networks' shapes. Only the memory of the started program is
/// measured. The plan assumes that every byte that may be touched is touched; a mapped model whose rows are rarely read
/// takes less.
package struct MemoryPlan: Equatable, Sendable {
  /// Resident bytes of the files: the whole file if it is read, the used sections if it is mapped.
  package var model: Int
  package var index: Int
  /// Bytes of the tables made of vocabularies, hashtag spellings and the ranking.
  package var tables = 0
  /// Bytes of the stream's live rows, at their maximum number.
  package var learned = 0
  /// Bytes of scratch memory and stack per thread.
  package var worker = 0
  package var threads = 0
  /// Bytes of the program, its libraries and its line buffers.
  package var program: Int

  /// Bytes that the program touches after its start: more of its code, and the buffers of the line protocol.
  static let programGrowth = 3 << 20
  /// Table bytes per byte of the section that it is made of, including offsets and hash slots.
  static let tableFactor = 4
  /// Bytes per thread besides the arena: the stack, a share of the allocator, and the allocations of one answer.
  static let threadOverhead = 1 << 20

  /// The minimum plan from the file sizes alone, before the files are opened.
  ///
  /// - Parameters:
  ///   - model, index: the resident bytes of the files.
  ///   - started: what the program had resident when it had just started.
  package init(model: Int, index: Int, started: Int) {
    self.model = model
    self.index = index
    program = started + Self.programGrowth
  }

  package var total: Int { model + index + tables + learned + worker * threads + program }

  /// The plan with as many threads as fit the limit, at most as many as planned; nil if not even one fits.
  func fitting(_ limit: Int) -> MemoryPlan? {
    var plan = self
    plan.threads = 0
    let room = limit - plan.total
    guard room >= worker, worker > 0 else { return nil }
    plan.threads = min(threads, room / worker)
    return plan
  }
}
