// SPDX-License-Identifier: Apache-2.0

import System
import Testing

@testable import LineProtocol

@Suite struct ProgressBarTests {
  @Test func barsShowRateAndTimeLeft() {
    #expect(
      ProgressBar.line("tweets", done: 50, total: 100, elapsed: .seconds(10))
        == "tweets [###############---------------] 50/100 5.0/s 10 s left")
    #expect(
      ProgressBar.line("tweets", done: 1, total: 10_000, elapsed: .seconds(1)).hasSuffix(" 1.0/s 2 h 46 min left"))
    #expect(ProgressBar.line("x", done: 0, total: 600, elapsed: .zero).hasSuffix("0/600 0.0/s –"))
    #expect(ProgressBar.line("x", done: 0, total: 0, elapsed: .seconds(1)).contains("[##############################]"))
  }

  @Test func nothingIsShownWhereThereIsNoTerminal() {
    var bar = ProgressBar(output: Descriptor(number: -1, name: "nothing"))
    bar.show("tweets", done: 1, total: 2)
    bar.finish()
  }
}
