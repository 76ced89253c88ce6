// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Recommender

/// Memory plans and their limits.
@Suite struct ResourceTests {
  @Test func sizes() {
    let mebi = 1 << 20
    let sizes: [(text: String, kibi: Int)] = [
      ("96M", 98_304), ("1G", 1_048_576), ("512k", 512), ("7168", 7), ("2MiB", 2048), ("3GB", 3_145_728),
    ]
    for size in sizes { #expect(MemorySize(size.text)?.bytes == size.kibi << 10) }
    for text in ["", "M", "0", "-1M", "1.5G", "1 G", "12T", "9999999999G", "99999999999999999999", "٣M"] {
      #expect(MemorySize(text) == nil, "\(text)")
    }
    #expect("\(MemorySize(bytes: 96 * mebi))" == "96.0 MiB" && "\(MemorySize(bytes: 1))" == "0.1 MiB")
    // Rounded up, so that the printed size is enough.
    #expect("\(MemorySize(bytes: 96 * mebi + 1))" == "96.1 MiB")
  }

  @Test func aPlanIsRefusedWithWhatWouldFit() throws {
    let mebi = 1 << 20
    var plan = MemoryPlan(model: 40 * mebi, index: 30 * mebi, started: 7 * mebi)
    #expect(plan.total == 80 * mebi)
    #expect(throws: MemoryError(limit: mebi, plan: plan, remedies: [])) { try plan.check(limit: mebi) }
    let early = "\(MemoryError(limit: mebi, plan: plan, remedies: []))"
    #expect(early.contains("1.0 MiB allowed, at least 80.0 MiB needed: model"))
    (plan.tables, plan.worker, plan.threads) = (5 * mebi, 3 * mebi, 4)
    #expect(plan.total == 97 * mebi)
    try plan.check(limit: plan.total)

    var small = plan
    (small.model, small.worker) = (30 * mebi, 2 * mebi)
    func refusal(_ limit: Int) -> MemoryError? {
      do { try plan.check(limit: limit * mebi, withoutGenerator: small) } catch { return error }
      return nil
    }
    func remedies(_ limit: Int) -> [String]? {
      refusal(limit)?.remedies.map { "\($0.options): \($0.total >> 20)" }
    }
    #expect(remedies(96) == ["--threads 3: 94", "--no-generator: 83"])
    #expect(remedies(88) == ["--threads 1: 88", "--no-generator: 83"])
    #expect(remedies(80) == ["--threads 2 --no-generator: 79"])
    #expect(remedies(76) == [])
    #expect(
      refusal(76).map { "\($0)" } == """
        --max-memory: 76.0 MiB allowed, 97.0 MiB needed: model 40.0 MiB, index 30.0 MiB, unpacked tables 5.0 MiB, \
        4 threads, each 3.0 MiB, the program itself 10.0 MiB; use a smaller index (with fewer tweets) or a smaller model
        """)
    #expect(refusal(80).map { "\($0)".hasSuffix("; it fits with --threads 2 --no-generator (79.0 MiB)") } == true)
  }
}
