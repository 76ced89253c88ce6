// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ModelFile

@Suite struct TimestampTests {
  @Test func momentsAreRead() {
    for (text, seconds) in [
      ("1970-01-01T00:00:00Z", 0), ("2018-08-16T09:30:00Z", 1_534_411_800), ("2018-08-16T15:00:00+05:30", 1_534_411_800),
      ("2018-08-16 09:30:00.123456z", 1_534_411_800), ("1969-12-31t23:59:59-00:00", -1), ("2000-02-29T12:00:00Z", 951_825_600),
      ("2016-12-31T23:59:60Z", 1_483_228_799), ("0000-01-01T00:00:00Z", Timestamp.range.lowerBound),
      ("9999-12-31T23:59:59Z", Timestamp.range.upperBound),
    ] {
      #expect(Timestamp.seconds(text) == seconds, "\(text)")
    }
  }

  @Test func whatIsNoMoment() {
    for text in [
      "", "yesterday", "2018-08-16", "2018-8-16T09:30:00Z", "2018-08-16T09:30Z", "2018-08-16T09:30:00", "2018-13-01T00:00:00Z",
      "2019-02-29T00:00:00Z", "2018-08-16T24:00:00Z", "2018-08-16T09:30:00.Z", "2018-08-16T09:30:00Z ",
      "2018-08-16T09:30:00+5:30",
      "0000-01-01T00:00:00+01:00", "２０18-08-16T09:30:00Z", "2018-08-16T09:30:00+24:00",
    ] {
      #expect(Timestamp.seconds(text) == nil, "\(text)")
    }
  }

  @Test func momentsAreWrittenAsTheyAreRead() {
    for seconds in stride(from: Timestamp.range.lowerBound, through: Timestamp.range.upperBound, by: 7_777_777_777) {
      #expect(Timestamp.seconds(Timestamp.text(seconds)) == seconds)
    }
    #expect(Timestamp.text(1_534_411_800) == "2018-08-16T09:30:00Z")
    #expect(Timestamp.text(.max) == "\(Int.max)")
  }
}
