// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Recommender

@Suite struct SupportTests {
  @Test func defaultFolders() {
    let folders = DefaultFiles.folders(executable: "/a/b/assigner")
    #expect(
      folders == [
        "/a/b", "/a/b/Models", "/a/Models", "/a/b/share/assigner", "/a/share/assigner", "/usr/share/assigner", "Models",
      ])
    #expect(DefaultFiles.folders(executable: "/usr/bin/assigner").filter { $0 == "/usr/share/assigner" }.count == 1)
    #expect(DefaultFiles.folders(executable: nil) == ["/usr/share/assigner", "Models"])
    #expect(DefaultFiles.find("hostname", in: ["/nowhere", "/etc"]) == "/etc/hostname")
    #expect(DefaultFiles.find("nothing", in: ["/nowhere"]) == nil)
  }

  @Test func corpusRows() throws {
    func row(_ text: String) throws -> CorpusRow { try CorpusRow(line: Array(text.utf8)) }
    var raw = CorpusRow(text: "Fire in #Oslo now #fire", hashtags: ["Oslo", "fire"])
    raw.hashtagsAreFromText = true
    #expect(try row("Fire in #Oslo now #fire") == raw)
    #expect(try row(#"{"text": "Fire in #Oslo now #fire", "event": 1}"#) == raw)
    #expect(
      try row(##"{"text": "a", "hashtags": ["#B", "c"], "id": 5, "exclude": [1, "x"]}"##)
        == CorpusRow(text: "a", hashtags: ["B", "c"], identifier: "5", exclude: ["1", "x"]))
    for bad in ["{", "{}", #"{"text": 1}"#, #"{"text": "a", "hashtags": "b"}"#, #"{"text": "a", "id": 1.5}"#] {
      #expect(throws: CorpusError.self) { try row(bad) }
    }
    #expect(throws: CorpusError("the line is not UTF-8")) { try CorpusRow(line: [0xFF]) }
  }
}
