// SPDX-License-Identifier: Apache-2.0

@testable import Benchmark
import LineProtocol
import ModelFile
import Recommender
import TestSupport
import Testing

@Suite struct BenchmarkTests {
  @Test func medianAndQuartilesAreThoseOfTheTimes() {
    let series = Series(seconds: [5, 1, 4, 2, 3])
    #expect(series.median == 3 && series.least == 1)
    #expect(series.quartiles == (2, 4))
    #expect(Series(seconds: []).median == 0 && Series(seconds: []).least == 0)
  }

  @Test func warmUpRoundsDoNotCount() {
    var calls = 0
    let series = Stopwatch(warmUp: 2, repetitions: 3).measure { calls += 1 }
    #expect(calls == 5 && series.seconds.count == 3)
    var seen: [Int] = []
    let each = Stopwatch(warmUp: 1, repetitions: 2).measure(each: [7, 8]) { seen.append($0) }
    #expect(seen == [7, 8, 7, 8, 7, 8] && each.seconds.count == 4)
  }

  /// A shell that reads a line and prints nothing takes the place of the program.
  @Test func aProgramThatEndsWithoutAnAnswerIsSaidToHave() throws {
    let folder = TemporaryFolder()
    try ContainerWriter(kind: .index).write(to: folder.file("files"))
    let file = try ContainerFile(path: folder.file("files"))
    var options = BenchmarkOptions()
    options.works = [.start]
    let suite = BenchmarkSuite(model: file, index: file, recommenderOptions: RecommenderOptions(), options: options)
    let error = #expect(throws: NoAnswer.self) { try suite.run(command: ("/bin/sh", ["-c", "read line"])) }
    #expect(error?.description == "the benchmark started the program again, and it ended without an answer")
  }

  @Test func ratesAreThoseOfTheMedian() {
    let row = BenchmarkRow(
      .encode, [("tokens", 32), ("batch", 4)], units: 4, multiplyAdds: 1000, Series(seconds: [0.5, 0.25, 1]))
    #expect(row.rate == 8 && row.speed == 2000)
    #expect(BenchmarkRow(.search, [], Series(seconds: [0])).rate == 0)
    let silent = BenchmarkRow(.search, [], Series(seconds: [1]))
    #expect(silent.speed == nil && silent.rate == 1)
  }

  @Test func tableAndObjectSayTheSame() throws {
    let rows = [
      BenchmarkRow(.encode, [("tokens", 16), ("batch", 1)], multiplyAdds: 3_000_000, Series(seconds: [0.002])),
      BenchmarkRow(.throughput, [("tweets", 10)], threads: 2, units: 10, Series(seconds: [0.1, 0.2, 0.3])),
    ]
    let memory = MemoryUse(peak: 50 << 20, model: (40 << 20, 20 << 20), index: (30 << 20, 10 << 20))
    var machine = Machine()
    (machine.processor, machine.processors, machine.instructionSet, machine.load) = ("Some CPU", 4, "scalar", "0.5")
    let report = BenchmarkReport(
      rows: rows, memory: memory, machine: machine, stopwatch: Stopwatch(warmUp: 1, repetitions: 3))
    #expect(
      report.table == """
        Some CPU, 4 usable, kernels scalar, load 0.5, 3 repetitions after 1

        | work       | size               | threads | median ms |    quartiles ms | a second | GMAC/s |
        | ---------- | ------------------ | ------: | --------: | --------------: | -------: | -----: |
        | encode     | tokens 16, batch 1 |       1 |     2.000 |     2.000-2.000 |    500.0 |    1.5 |
        | throughput | tweets 10          |       2 |   200.000 | 150.000-250.000 |     50.0 |        |

        peak resident memory 50.0 MiB: 20.0 MiB of the model's 40.0 MiB, 10.0 MiB of the index's 30.0 MiB, 20.0 MiB other

        """)
    let object = report.json
    #expect(try object.string("machine", "processor") == "Some CPU")
    let first = try object.array("rows")[0]
    #expect(try first.string("work") == "encode" && first.integer("tokens") == 16 && first.number("median") == 0.002)
    #expect(try object.array("rows")[1].number("perSecond") == 50)
    #expect(try object.integer("memory", "peak") == 50 << 20)
  }
}
