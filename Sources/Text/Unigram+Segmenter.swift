// SPDX-License-Identifier: Apache-2.0

extension Unigram {
  /// Splits normalised text into parts, and chooses the pieces of each part: the path through its lattice with the largest sum of
  /// scores, by the Viterbi algorithm, in the order and with the ties of `Unigram::encode_optimized` of `tokenizers`.
  struct Segmenter {
    /// The best path to a place of the part. `start` is where its last piece begins, or -1 if no path leads here.
    private struct Node {
      var score: Double
      var start: Int32
      var piece: Int32
    }

    private let unigram: Unigram
    /// A part, with marks for its spaces.
    private var part: [UInt8] = []
    private var nodes: [Node] = []

    init(_ unigram: Unigram) {
      self.unigram = unigram
      part.reserveCapacity(128)
      nodes.reserveCapacity(129)
    }

    /// Appends the tokens of a part of a normalised text.
    mutating func add(_ range: Range<Int>, of text: NormalText, to ids: inout [Int32]) {
      guard unigram.settings.spaces.dropsWhiteSpace else { return addMarked(range, of: text, to: &ids) }
      let words = ByteLevelWords.shared
      var start = words.endOfSpace(from: range.lowerBound, in: text.bytes, limit: range.upperBound)
      var position = start
      while start < range.upperBound {
        let end = words.endOfSpace(from: position, in: text.bytes, limit: range.upperBound)
        if end > position || position == range.upperBound {
          addMarked(start..<position, of: text, to: &ids)
          (start, position) = (end, end)
        } else {
          _ = UTF8Bytes.next(in: text.bytes, at: &position)
        }
      }
    }

    /// Marks the spaces of a range, and appends the tokens of each part.
    private mutating func addMarked(_ range: Range<Int>, of text: NormalText, to ids: inout [Int32]) {
      guard !range.isEmpty else { return }
      let spaces = unigram.settings.spaces
      let mark = spaces.mark
      let isPrefixed =
        spaces.prefix == .always || spaces.prefix == .first && range.lowerBound < text.leading
      let first = text.bytes[range.lowerBound]
      if isPrefixed, first != 0x20, !text.bytes[range].starts(with: mark) { part += mark }
      for place in range {
        let byte = text.bytes[place]
        let isMark = byte == 0x20 || byte == mark[0] && text.bytes[place..<range.upperBound].starts(with: mark)
        // A mark ends the part before it.
        if isMark, spaces.splits { finishPart(to: &ids) }
        if byte == 0x20 { part += mark } else { part.append(byte) }
      }
      finishPart(to: &ids)
    }

    /// Appends the tokens of `part`, and empties it.
    private mutating func finishPart(to ids: inout [Int32]) {
      guard !part.isEmpty else { return }
      findPaths()
      appendBestPath(to: &ids)
      part.removeAll(keepingCapacity: true)
    }

    private mutating func findPaths() {
      let (pieces, unknown) = (unigram.pieces, unigram.settings.specials.unknown)
      nodes.removeAll(keepingCapacity: true)
      nodes.append(contentsOf: repeatElement(Node(score: 0, start: -1, piece: 0), count: part.count + 1))
      var start = 0
      while start < part.count {
        var next = start
        _ = UTF8Bytes.next(in: part, at: &next)
        let score = nodes[start].score
        var hasScalar = false
        if var base = pieces.trie.root {
          var place = start
          var piece: Int32 = -1
          while place < part.count, pieces.trie.follow(part[place], from: &base, number: &piece) {
            place += 1
            guard piece >= 0, Int(piece) < pieces.count else { continue }
            reach(place, from: start, with: piece, score: score + pieces.score(Int(piece)))
            if place == next { hasScalar = true }
          }
        }
        if !hasScalar { reach(next, from: start, with: unknown, score: score + pieces.unknownScore) }
        start = next
      }
    }

    @inline(__always)
    private mutating func reach(_ end: Int, from start: Int, with piece: Int32, score: Double) {
      guard nodes[end].start < 0 || score > nodes[end].score else { return }
      nodes[end] = Node(score: score, start: Int32(truncatingIfNeeded: start), piece: piece)
    }

    /// Appends the pieces of the best path. Adjacent unknown scalars become one token, or the tokens of their bytes.
    private func appendBestPath(to ids: inout [Int32]) {
      let before = ids.count
      let unknown = unigram.settings.specials.unknown
      var end = part.count
      while end > 0 {
        let node = nodes[end]
        var start = max(0, Int(node.start))
        if node.piece == unknown {
          while start > 0, nodes[start].piece == unknown { start = max(0, Int(nodes[start].start)) }
          appendUnknown(start..<end, to: &ids)
        } else {
          ids.append(node.piece)
        }
        end = start
      }
      // The path was followed from its end. (Reversing a slice would copy it.)
      var (first, last) = (before, ids.count - 1)
      while first < last {
        ids.swapAt(first, last)
        (first, last) = (first + 1, last - 1)
      }
    }

    /// Appends what stands for unknown text, last token first. `tokenizers` looks the whole text up once more: it may be the
    /// unknown token's own spelling.
    private func appendUnknown(_ range: Range<Int>, to ids: inout [Int32]) {
      if let piece = unigram.pieces.number(of: part[range]) {
        ids.append(piece)
      } else if !unigram.bytePieces.isEmpty, part[range].allSatisfy({ unigram.bytePieces[Int($0)] >= 0 }) {
        for byte in part[range].reversed() { ids.append(unigram.bytePieces[Int(byte)]) }
      } else {
        ids.append(unigram.settings.specials.unknown)
      }
    }
  }
}
