// SPDX-License-Identifier: Apache-2.0

import LineProtocol
import ModelFile

/// The kinds of work that can be measured.
package enum Work: String, CaseIterable, Sendable {
  /// From the program's start to its first answer, in a separate process.
  case start
  /// One pass of the retriever.
  case encode
  /// One search for the nearest tweets of an embedding.
  case search
  /// All candidates except the generated ones, with their features.
  case select
  /// One pass of the generator.
  case generate
  /// One tweet, from its text to its hashtags.
  case tweet
  /// All sample tweets at once, on all threads.
  case throughput
}

/// One measured piece of work.
package struct BenchmarkRow: Sendable {
  package var work: Work
  /// The named sizes of the work: "tokens" 32, "batch" 1.
  package var sizes: [(name: String, value: Int)]
  package var threads = 1
  /// The times of single calls.
  package var series: Series
  /// Sequences, queries or tweets per call.
  package var units = 1
  /// The int8 or float multiply-adds of the networks' matrices per call, if they are counted.
  package var multiplyAdds: Int?
  /// The share of the exact nearest rows that the search found, if these are known.
  package var recall: Double?

  package init(
    _ work: Work, _ sizes: [(name: String, value: Int)], threads: Int = 1, units: Int = 1, multiplyAdds: Int? = nil,
    _ series: Series
  ) {
    self.work = work
    self.sizes = sizes
    self.threads = threads
    self.series = series
    self.units = units
    self.multiplyAdds = multiplyAdds
  }

  /// Units per second at the median.
  package var rate: Double { series.median > 0 ? Double(units) / series.median : 0 }
  /// Multiply-adds per second at the median.
  package var speed: Double? {
    guard let multiplyAdds, series.median > 0 else { return nil }
    return Double(multiplyAdds) / series.median
  }

  /// The row's cells in the report's table.
  var cells: [String] {
    let (lower, upper) = series.quartiles
    func milliseconds(_ seconds: Double) -> String { JSONText.decimal(1000 * seconds, places: 3) }
    return [
      work.rawValue,
      (sizes.map { "\($0.name) \($0.value)" } + (recall.map { ["recall " + JSONText.decimal($0, places: 3)] } ?? []))
        .joined(separator: ", "), "\(threads)",
      milliseconds(series.median), "\(milliseconds(lower))-\(milliseconds(upper))", JSONText.decimal(rate, places: 1),
      speed.map { JSONText.decimal($0 / 1e9, places: 1) } ?? "",
    ]
  }

  static let header = ["work", "size", "threads", "median ms", "quartiles ms", "a second", "GMAC/s"]

  var json: JSONValue {
    let (lower, upper) = series.quartiles
    var members: [String: JSONValue] = [
      "work": .string(work.rawValue), "threads": .integer(threads), "calls": .integer(series.seconds.count),
      "units": .integer(units), "median": .number(series.median), "lowerQuartile": .number(lower),
      "upperQuartile": .number(upper), "least": .number(series.least), "perSecond": .number(rate),
    ]
    if let recall { members["recall"] = .number(recall) }
    for size in sizes { members[size.name] = .integer(size.value) }
    if let speed { members["multiplyAddsPerSecond"] = .number(speed) }
    return .object(members)
  }
}
