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
    // A number is an id in its spelling; null counts as absent everywhere.
    for id in ["1.0", "-0", "1e400", "12345678901234567890123"] {
      #expect(try row(#"{"text": "a", "hashtags": ["b"], "id": \#(id), "exclude": [\#(id), "x", null]}"#).identifier == id)
      #expect(try row(#"{"exclude": [1, \#(id), "2"], "text": "a"}"#).exclude == ["1", id, "2"])
    }
    #expect(try row(#" {"text": "a #b", "hashtags": null, "id": null, "exclude": null}"#) == row("{\"text\": \"a #b\"}"))
    #expect(try row(#"{"text": "a", "hashtags": [null, "b"]}"#).hashtags == ["b"])
    // Given hashtags may have several words. They are cut at the first other character that a hashtag cannot have.
    let cut = try row("{\"text\": \"a\", \"hashtags\": [\"River\\ntown\", \" #New York\", \"\\u001b[31m\", \"水位\", \"#\"]}")
    #expect(cut.hashtags == ["River", "NewYork", "水位"] && cut.phrases == ["River", "New York", "水位"])
    #expect(cut.changedHashtags == 3)
    #expect(try row(#"{"text": "a", "conversation": "b"}"#).conversation == ["b"])
    #expect(try row(#"{"text": "a", "conversation": ["b", null, "c"]}"#).conversation == ["b", "c"])
    for bad in [
      "{", "{}", #"{"text": 1}"#, #"{"text": null}"#, #"{"text": "a", "hashtags": "b"}"#, #"{"text": "a", "hashtags": [1]}"#,
      #"{"text": "a", "id": true}"#, #"{"text": "a", "exclude": 1}"#, #"{"text": "a", "conversation": 1}"#,
      #"{"text": "a", "exclude": [[1]]}"#, #"[{"text": "a"}]"#,
      "a\u{0}b",
    ] {
      #expect(throws: CorpusError.self) { try row(bad) }
    }
    #expect(throws: CorpusError("the line is not UTF-8 at byte 0")) { try CorpusRow(line: [0xFF]) }
  }
}
