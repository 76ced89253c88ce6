// SPDX-License-Identifier: Apache-2.0

import Foundation
import ModelFile

@testable import Retrieval

func fixture(_ name: String) throws -> JSONValue {
  guard let url = Bundle.module.url(forResource: "Fixtures/" + name, withExtension: nil) else {
    throw CocoaError(.fileNoSuchFile)
  }
  return try JSONValue(parsing: [UInt8](Data(contentsOf: url)))
}

/// Unit vectors in clusters of clusters, like tweets about events and their subtopics. Uniform noise has no meaningful
/// neighbours and gives a misleading recall.
struct Clusters {
  var random: SplitMix64
  let dimension: Int
  let centres: [[Float]]

  init(dimension: Int, events: Int = 12, topics: Int = 8, seed: UInt64 = 1) {
    var random = SplitMix64(seed: seed)
    var centres: [[Float]] = []
    for _ in 0..<events {
      let event = Self.gaussian(dimension, &random)
      for _ in 0..<topics { centres.append(zip(event, Self.gaussian(dimension, &random)).map { $0 + 0.7 * $1 }) }
    }
    self.random = random
    self.dimension = dimension
    self.centres = centres
  }

  mutating func vector() -> [Float] {
    let centre = centres[random.next(below: centres.count)]
    return Self.normalized(zip(centre, Self.gaussian(dimension, &random)).map { $0 + 0.8 * $1 })
  }

  static func gaussian(_ count: Int, _ random: inout SplitMix64) -> [Float] {
    (0..<count).map { _ in
      (0..<12).reduce(Float(-6)) { sum, _ in sum + Float(random.next() >> 40) / 16_777_216 }
    }
  }

  static func normalized(_ vector: [Float]) -> [Float] {
    let norm = dot(vector, vector).squareRoot()
    return vector.map { $0 / norm }
  }
}

func dot(_ a: [Float], _ b: [Float]) -> Float {
  var sum: Float = 0
  for index in 0..<min(a.count, b.count) { sum += a[index] * b[index] }
  return sum
}

func form(_ display: String) -> HashtagForm { HashtagForm(display: display, normal: display.lowercased()) }

/// A small index of clustered rows. Row i carries #Tag(i mod tags); every third row also carries #Common.
func sampleBuilder(
  rows: Int = 200, dimension: Int = 32, tags: Int = 7, keepsText: Bool = false, named: Bool = false, lists: Int? = nil
) throws -> (builder: CorpusIndexBuilder, vectors: [[Float]]) {
  var clusters = Clusters(dimension: dimension)
  var builder = try CorpusIndexBuilder(
    IndexOptions(dimension: dimension, modelFingerprint: "0123456789abcdef", keepsText: keepsText, seed: 3, lists: lists))
  var vectors: [[Float]] = []
  for row in 0..<rows {
    let vector = clusters.vector()
    vectors.append(vector)
    let hashtags = [form("Tag\(row % tags)")] + (row % 3 == 0 ? [form("Common")] : [])
    try builder.add(
      IndexRow(
        identifier: named ? "tweet-\(row)" : nil, vector: vector, hashtags: hashtags,
        text: keepsText ? "sample text \(row)" : nil))
  }
  try embedHashtags(&builder, dimension: dimension)
  return (builder, vectors)
}

/// Writes a copy of an index with other metadata.
func rewriteMetadata(_ path: String, _ change: (inout [String: JSONValue]) -> Void) throws {
  let file = try ContainerFile(path: path, kind: .index)
  var metadata = try file.metadata.object()
  change(&metadata)
  var writer = ContainerWriter(kind: .index)
  writer.setMetadata(.object(metadata))
  for section in file.sections where section.name != "metadata" { try writer.add(copying: section.name, from: file) }
  try writer.write(to: path)
}

func embedHashtags(_ builder: inout CorpusIndexBuilder, dimension: Int) throws {
  for hashtag in builder.hashtagsWithoutEmbedding {
    try builder.setEmbedding(embedding(of: hashtag, dimension), of: hashtag)
  }
}

/// A fake selector with made-up embeddings.
func embedding(of hashtag: String, _ dimension: Int) -> [Float] {
  var random = SplitMix64(seed: XXH64.hash(Array(hashtag.utf8)))
  return Clusters.normalized(Clusters.gaussian(dimension, &random))
}
