// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LineProtocol

@Suite struct RequestTests {
  private func request(_ line: String) throws(LineFault) -> Request { try Request(line: 7, bytes: Array(line.utf8)) }

  private func code(_ line: String) -> LineFault.Code? {
    do {
      _ = try request(line)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func plainLinesAreTheTweet() throws {
    #expect(try request("Bridge out \"near\" town") == Request(line: 7, text: "Bridge out \"near\" town"))
    #expect(try request("") == Request(line: 7, text: ""))
    #expect(try request(" leading {\"text\": 1}").text == " leading {\"text\": 1}")
    #expect(try request("\u{FEFF}Bridge out").text == "Bridge out")
  }

  @Test func objectsCarryMore() throws {
    let all = try request(#"{"k": 3, "text": "a\u00e9 \ud83d\ude00", "id": "x", "conversation": ["r", "s"], "user": {"id": 1}}"#)
    #expect(all == Request(line: 7, text: "aé 😀", id: Array("\"x\"".utf8), count: 3, conversation: ["r", "s"]))
    #expect(try request(#"{"text": "", "id": null, "k": null, "conversation": null}"#) == Request(line: 7, text: ""))
    #expect(
      try request(#"{"text": "a", "k": 3.0, "conversation": ["b", null]}"#)
        == Request(line: 7, text: "a", count: 3, conversation: ["b"]))
    #expect(try request(" \u{FEFF}{\"text\":\"a\",\"id\":1}") == Request(line: 7, text: "a", id: [0x31]))
    #expect(try request(#"{"text": "cut \ud83d", "n": 1e999}"#).text == "cut \u{FFFD}")
    var taught = Request(line: 7, text: "t")
    #expect(try request(#"{"text": "t", "author": null, "time": null, "learn": true}"#) == taught)
    (taught.author, taught.time, taught.teaches) = ("17", 1_534_411_800, false)
    #expect(try request(#"{"text": "t", "author": "17", "time": "2018-08-16T09:30:00Z", "learn": false}"#) == taught)
    #expect(try request(#"{"text": "t", "author": 17, "time": 1534411800.75, "learn": false}"#) == taught)
  }

  @Test(arguments: [
    "1", "-0.50e3", "12345678901234567890123", "\"a\\u0041\\\"\\\\\"", "1e400", "-0", "1.0", "\"\\ud800\"", "\"},{\"", "\"\"",
  ]) func idsAreEchoedAsTheyCame(id: String) throws {
    for line in [
      "{\"id\":\(id),\"text\":\"t\"}", "{ \"text\" : \"id\\\"\" , \"x\":{\"id\":[9,{}]} , \"id\"\t:  \(id)  }",
      "{\"\\u0069d\": \(id) ,\"text\":\"id\"}",
    ] {
      #expect(try request(line).id == Array(id.utf8))
    }
  }

  @Test(arguments: [
    "{", "{}x", "{\"text\":\"a\"", "{\"text\":\"a\",}", "{\"text\":\"a\",\"text\":\"b\"}",
    "{'text':'a'}", "{\"text\":\"a\t\"}", "{\"text\":\"a\",\"k\":01}", "{\"text\":NaN}", "{tweet that starts so",
  ]) func brokenObjects(line: String) {
    #expect(code(line) == .invalidJSON)
  }

  @Test(arguments: [
    "{}", #"{"text":1}"#, #"{"text":null}"#, #"{"text":"a","id":[1]}"#, #"{"text":"a","id":true}"#,
    #"{"text":"a","k":0}"#, #"{"text":"a","k":101}"#, #"{"text":"a","k":2.5}"#, #"{"text":"a","k":1e999}"#, #"[{"text":"a"}]"#,
    #"{"text":"a","k":"2"}"#,
    #"{"text":"a","conversation":5}"#, #"{"text":"a","conversation":["b",1]}"#,
    #"{"text":"a","author":{"id":1}}"#, #"{"text":"a","author":true}"#, #"{"text":"a","time":"now"}"#,
    #"{"text":"a","time":1e300}"#, #"{"text":"a","time":[1]}"#, #"{"text":"a","time":9223372036854775807}"#,
    #"{"text":"a","learn":"no"}"#, #"{"text":"a","learn":0}"#,
  ]) func wrongMembers(line: String) {
    #expect(code(line) == .invalidRequest)
  }

  @Test func faultsKeepTheIdAndSayWhere() {
    #expect(throws: LineFault(line: 7, code: .invalidRequest, message: "text is missing", id: Array("5".utf8))) {
      try request(#"{"id":5}"#)
    }
    #expect(throws: LineFault(line: 7, code: .invalidRequest, message: "text is missing")) {
      try request(#"{"id":null,"text":null}"#)
    }
    #expect(code("a\u{0}b") == .invalidUTF8)
    for (bytes, offset) in [([0xFF], 0), ([0x61, 0xC3], 1), ([0xC3, 0xA9, 0xE2, 0x82, 0x61], 2)] as [([UInt8], Int)] {
      #expect(
        throws: LineFault(line: 1, code: .invalidUTF8, message: "the line is not UTF-8 at byte \(offset)")
      ) { try Request(line: 1, bytes: bytes) }
    }
  }

  @Test func nestingDoesNotReachTheStack() {
    #expect(code("{\"a\":" + String(repeating: "[", count: 60_000)) == .invalidJSON)
  }
}
