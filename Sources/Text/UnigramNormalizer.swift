// SPDX-License-Identifier: Apache-2.0
/// What a Unigram tokenizer does to a text before it is split: the normalisers of XLM-R and its relatives, one after the other.
struct UnigramNormalizer: Sendable, Equatable {
  enum Step: Sendable, Equatable {
    case precompiled(PrecompiledNormalizer)
    /// Removes the white space at the ends.
    case strip(left: Bool, right: Bool)
    /// Replaces each occurrence of a text, from left to right.
    case replace([UInt8], by: [UInt8])
    /// Replaces each run of two and more spaces: the regular expression " {2,}".
    case joinSpaces([UInt8])
  }

  /// What one byte of a text may become. Real normalisers stay far below; the limit bounds what a damaged file can do.
  static let maximumGrowth = 256
  /// Real normalisers have three steps.
  static let maximumSteps = 16

  let steps: [Step]

  /// - Throws: `TextError.unigram` if there are too many steps, or they could make a text more than `maximumGrowth` times as long.
  init(_ steps: [Step]) throws(TextError) {
    guard steps.count <= Self.maximumSteps else {
      throw .unigram("normalizer: has \(steps.count) steps; it may have \(Self.maximumSteps)")
    }
    self.steps = steps
    var growth = 1
    for step in steps {
      switch step {
      case .precompiled: growth *= PrecompiledNormalizer.longestText
      case .strip: break
      case .replace(let pattern, let content):
        guard !pattern.isEmpty else { throw .unigram("normalizer: replaces an empty text") }
        growth *= max(1, (min(content.count, 4096) + pattern.count - 1) / pattern.count)
      case .joinSpaces(let content): growth *= max(1, (min(content.count, 4096) + 1) / 2)
      }
      guard growth <= Self.maximumGrowth else {
        throw .unigram("normalizer: can make a text more than \(Self.maximumGrowth) times as long")
      }
    }
  }

  /// The normal form of `bytes`. O(bytes).
  func normalized(_ bytes: [UInt8]) -> NormalText {
    var text = NormalText(bytes)
    for step in steps {
      switch step {
      case .precompiled(let normalizer): text = normalizer.normalized(text)
      case .strip(let left, let right): text = text.stripped(left: left, right: right)
      case .replace(let pattern, let content):
        let parts = Self.occurrences(of: pattern, in: text.bytes)
        if !parts.isEmpty { text = text.replacing(parts, by: content) }
      case .joinSpaces(let content):
        let parts = Self.runsOfSpaces(text.bytes)
        if !parts.isEmpty { text = text.replacing(parts, by: content) }
      }
    }
    return text
  }

  private static func occurrences(of pattern: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var position = 0
    while position + pattern.count <= bytes.count {
      if bytes[position] == pattern[0], bytes[position..<position + pattern.count].elementsEqual(pattern) {
        found.append(position..<position + pattern.count)
        position += pattern.count
      } else {
        position += 1
      }
    }
    return found
  }

  private static func runsOfSpaces(_ bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var position = 0
    while position < bytes.count {
      let start = position
      while position < bytes.count, bytes[position] == 0x20 { position += 1 }
      if position - start >= 2 { found.append(start..<position) }
      if position == start { position += 1 }
    }
    return found
  }
}
