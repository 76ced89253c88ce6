// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Retrieval
import System
import TestSupport
import Testing

/// Hostile text in lines, corpora and indexes: every line gets one line, nothing controls the terminal, and JSON stays valid.
@Suite struct HostileTextTests {
  private let folder = TemporaryFolder()

  private func run(_ arguments: [String], _ input: String = "", index: String? = nil) throws -> Program.Result {
    try Program.run("assigner", arguments + ["--model", World.model, "--index", index ?? World.index], input: input)
  }

  private func index(_ command: String, _ arguments: String..., input: String = "") throws -> Program.Result {
    let model = command == "build" || command == "add" ? ["--model", World.model] : []
    return try Program.run("assigner", ["index", command] + arguments + model, input: input)
  }

  /// Whether bytes are lines without control characters. Tabs are allowed only between columns.
  private func isClean(_ text: String, tabs: Bool = false) -> Bool {
    text.split(separator: "\n", omittingEmptySubsequences: false).allSatisfy { line in
      let kept = line.unicodeScalars.filter { !(tabs && $0 == "\t") }
      let text = String(String.UnicodeScalarView(kept))
      return PrintableText.line(text).unicodeScalars.elementsEqual(kept)
    }
  }

  // MARK: Hashtags

  @Test func hashtagsOfACorpusAreCut() throws {
    let corpus = folder.write(
      "nl.jsonl",
      #"""
      {"text": "Flood water rising in Rivertown", "hashtags": ["River\ntown", "tab\tbed", "esc\u001b[31mred"]}
      {"text": "Bridge washed away in Rivertown", "hashtags": ["#New York", "x\u2028y", "\u202eback", "\u0085", "plain"]}

      """#)
    let path = folder.file("nl.index")
    let built = try index("build", "--corpus", corpus, "--output", path)
    #expect(built.status == 0 && built.messages.contains("6 hashtags shortened or cleaned"))
    let shown = try index("stats", "--index", path).lines.filter { $0.hasPrefix("#") }
    #expect(Set(shown) == ["#River\t1", "#tab\t1", "#esc\t1", "#NewYork\t1", "#x\t1", "#plain\t1"])
    try checkAnswers(index: path)
  }

  /// An index that another program has made.
  @Test func hostileIndexes() throws {
    let tiny = try CorpusIndex(path: World.index)
    var builder = try CorpusIndexBuilder(
      IndexOptions(
        dimension: tiny.dimension, modelFingerprint: tiny.modelFingerprint, createdBy: "me\n\u{1B}[2J\u{202E}"))
    let spellings = ["River\ntown", "tab\tbed tag", "esc\u{1B}[31mred", "#x\u{2028}y", "\u{85}", "\u{200D}", "a b\r"]
    for row in 0..<40 {
      let vector = (0..<tiny.dimension).map { Float(($0 * 7 + row) % 5) / 8 }
      let forms = spellings.enumerated().map { HashtagForm(display: $1, normal: row % 2 == 0 ? "tag\($0)" : "n\n\u{1B}\t \($0)") }
      try builder.add(IndexRow(identifier: "id\n\u{9B}\(row)", vector: vector, hashtags: forms))
    }
    for hashtag in builder.hashtagsWithoutEmbedding {
      try builder.setEmbedding((0..<tiny.dimension).map { $0 == 0 ? 1 : 0 }, of: hashtag)
    }
    let path = folder.file("hostile\n\u{1B}.index")
    try builder.write(to: path)
    try checkAnswers(index: path)
    let gold = folder.write("gold.jsonl", #"{"text": "Flood in Kerala", "hashtags": ["a\nb"]}"#)
    let (features, answers) = (folder.file("features"), folder.file("answers"))
    let measured = try run(["eval", "--input", gold, "--features", features, "--predictions", answers], index: path)
    #expect(measured.status == 0)
    for file in [features, answers] {
      for line in String(decoding: TemporaryFolder.read(file), as: UTF8.self).split(separator: "\n") {
        #expect(throws: Never.self) { try JSONValue(parsing: String(line)) }
      }
    }
  }

  private func checkAnswers(index path: String) throws {
    let input = "Flood water rising\nBridge washed away in Kerala #Typed\n\n"
    for options in [["--format", "text"], ["--format", "tsv"], ["--format", "json", "--explain"]] {
      let result = try run(options + ["--threshold", "0", "-k", "100"], input, index: path)
      #expect(result.status == 0 && result.lines.count == 3 && result.messages == "")
      #expect(isClean(result.text, tabs: options[1] == "tsv"))
      switch options[1] {
      case "text":
        #expect(result.lines.allSatisfy { $0.split(separator: " ").allSatisfy { $0.hasPrefix("#") && $0.count > 1 } })
      case "tsv":
        for line in result.lines where !line.isEmpty {
          let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
          #expect(columns.count % 2 == 0 && stride(from: 1, to: columns.count, by: 2).allSatisfy { Double(columns[$0]) != nil })
        }
      default: for line in result.lines { #expect(throws: Never.self) { try JSONValue(parsing: line) } }
      }
    }
    let statistics = try index("stats", "--index", path, "--top", "100")
    #expect(statistics.status == 0 && isClean(statistics.text, tabs: true))
    #expect(statistics.lines.filter { $0.hasPrefix("#") }.allSatisfy { $0.split(separator: "\t").count == 2 })
    #expect(try isClean(index("stats", "--index", path, "--json").text))
    for arguments in [["inspect", path], ["inspect", "--json", path], ["verify", path]] {
      let result = try Program.run("assigner", arguments)
      #expect(result.status == 0 && isClean(result.text))
    }
  }

  @Test func messagesShowNamesInOneLine() throws {
    let name = folder.file("no\n\u{1B}[31m\u{202E}such")
    for arguments in [
      ["index", "stats", "--index", name], ["inspect", name], ["verify", name],
      ["index", "build", "--corpus", name, "--output", folder.file("x")],
      ["index", "remove", "--index", World.index, "--id", "x\n\u{7}"], ["--model", name, "--index", name], ["--deny", name],
      ["eval", "--input", name],
    ] {
      let files = arguments.contains("--model") || ["inspect", "verify"].contains(arguments[0]) || arguments[0] == "index"
      let result = try Program.run("assigner", arguments + (files ? [] : World.arguments()), input: "")
      #expect(isClean(result.messages) && isClean(result.text), "\(arguments)")
      #expect(result.messages.split(separator: "\n").allSatisfy { $0.hasPrefix("assigner") }, "\(result.messages)")
    }
  }

  @Test func usageErrorsQuoteWhatTheyShow() throws {
    for arguments in [["--format", "x\u{1B}[31m\u{202E}"], ["--no\u{7}nsense"], ["index", "a\u{9B}2J"]] {
      let result = try Program.run("assigner", arguments)
      #expect(result.status == 64 && isClean(result.messages) && result.messages.split(separator: "\n").count > 1)
    }
  }

  @Test func typedHashtagsAreThoseThatSomebodyTyped() throws {
    let tweets = """
      Roads closed #\u{FE0F}\u{20E3}flood near Aluva
      map at www.example.org/#donate help Kerala
      Help needed #flood\u{FE0F} now
      it&#39;s &#x27;up&#x27; there
      \u{2764}\u{FE0F}#love from example.org:80/a?b#c (bit.ly/#d)

      """
    let lines = try run(["--no-generator", "--neighbours", "0", "--threshold", "0", "-k", "20", "--format", "json"], tweets).lines
    let typed = try lines.map { line in
      try JSONValue(parsing: line).array("hashtags").filter { try $0.strings("from").contains("typed") }.map {
        try $0.string("tag")
      }
    }
    #expect(typed == [[], [], ["flood"], [], ["love"]])
  }

  // MARK: Lines

  @Test func jsonIsRecognisedOrRefused() throws {
    let lines = try run(
      ["--no-generator", "--format", "json"],
      " {\"text\":\"Flood in Kerala\",\"id\":1}\n\u{FEFF}{\"text\":\"Flood in Kerala\",\"id\":1.0}\n"
        + "\u{FEFF}\u{FEFF}\t{\"text\":\"Flood in Kerala\",\"id\":1e400}\n[{\"text\":\"Flood\"}]\nF\u{0}l\u{0}o\u{0}\n"
        + "{\"text\":\"Flood\",\"id\":null}\n{\"text\":\"Flood \\ud83d\",\"id\":\"\\udc00\"}\n"
    ).lines
    let starts = [
      #"{"id":1,"hashtags":[{"#, #"{"id":1.0,"hashtags":[{"#, #"{"id":1e400,"hashtags":[{"#,
      #"{"error":{"code":"invalid_request""#,
      #"{"error":{"code":"invalid_utf8""#, #"{"hashtags":[{"#, #"{"id":"\udc00","hashtags":[{"#,
    ]
    #expect(lines.count == starts.count && zip(lines, starts).allSatisfy { $0.hasPrefix($1) }, "\(lines)")
    #expect(lines[3].contains("jq -c '.[]'") && lines[4].contains("iconv"))
  }

  @Test func corporaThatAreNoLinesAreRefused() throws {
    for (text, advice) in [
      (#"[{"text":"Flood #Wrong","hashtags":["Right"]}]"#, "jq -c '.[]'"),
      ("[\n{\"text\":\"a #b\"},\n{\"text\":\"c #d\"}\n]\n", "jq -c '.[]'"),
      ("\n\u{FEFF}[\n  {\n", "jq -c '.[]'"), ("{\n  \"text\": \"a #b\"\n}\n", "jq -c ."),
      ("F\u{0}l\u{0}o\u{0} \u{0}#\u{0}a\u{0}\n", "iconv"),
    ] {
      let corpus = folder.write("corpus", text)
      let result = try index("build", "--corpus", corpus, "--output", folder.file("none.index"))
      #expect(result.status == 65 && result.messages.contains(advice), "\(result.messages)")
      #expect(!folder.names.contains("none.index"))
      #expect(try index("add", "--index", World.index, input: text).status == 65)
      #expect(try run(["eval", "--input", corpus]).status == 65)
    }
  }

  /// Random hostile lines through the real program.
  @Test(arguments: [1, 2, 3] as [UInt64]) func anyLines(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "Flood in Kerala", "#Tag", "#a\u{202E}b", "#\u{FE0F}\u{20E3}x", "\u{1B}[31m", "\u{0}", "\t", "\u{85}", "\u{2028}", "\u{7F}",
      "\u{FEFF}",
      "\u{200D}", "{", "}", "[", "]", "\"", "\\", ":", ",", "{\"text\":\"", "\"}", "\"id\":", "1e400", "null", "\\ud800",
      "\\u0000",
      "\\n", "#Kerala\u{9B}2J", "\r", " ", "水位 #水", "é", "#e\u{301}", "www.example.org/#x", "&#39;", "﷽", "＃Full",
    ]
    let ids = [
      "1", "1.0", "-0", "1e400", "12345678901234567890123456789", "\"\\ud800\"", "\"\u{202E}\"", "\"a\\u0000\\n\"", "\"\u{7F}\"",
      "1E+2",
    ]
    var (input, kept) = ("", [String?]())
    for _ in 0..<600 {
      let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      if Bool.random(using: &random) {
        input += text + "\n"
        kept.append(nil)
      } else {
        let id = ids.randomElement(using: &random) ?? ""
        let start = ["", " ", "\u{FEFF}", "\t\u{FEFF} "].randomElement(using: &random) ?? ""
        let tweet = JSONValue.object(["text": .string(text), "k": [nil, 2, 100].randomElement(using: &random) ?? nil])
          .serialized()
        input += start + "{\"id\" : \(id) ," + tweet.dropFirst() + "\n"
        kept.append(id)
      }
    }
    for options in [["--format", "json", "--explain"], ["--format", "text", "-k", "100"], ["--format", "tsv"]] {
      let result = try run(options + ["--threshold", "0", "--no-generator"], input)
      #expect(result.status == 0 && result.lines.count == kept.count)
      #expect(isClean(result.messages))
      if options[1] == "json" {
        for (line, id) in zip(result.lines, kept) {
          var rest = line
          if let id {
            #expect(line.utf8.starts(with: "{\"id\":\(id),".utf8), "\(line) \(id)")
            rest = "{" + String(decoding: line.utf8.dropFirst("{\"id\":\(id),".utf8.count), as: UTF8.self)
          }
          #expect(isClean(rest))
          #expect(throws: Never.self) { try JSONValue(parsing: line) }
        }
      } else {
        #expect(isClean(result.text, tabs: options[1] == "tsv"))
      }
    }
  }

  // MARK: Ids

  @Test func madeIdsAndGivenIdsStay() throws {
    let path = folder.file("ids.index")
    let rows = folder.write("two.txt", "Flood near #Kochi\nFire near #Aluva\n")
    #expect(try index("build", "--corpus", rows, "--output", path).status == 0)
    func tweets() throws -> [String] {
      try index("stats", "--index", path).lines.filter { $0.hasPrefix("tweets") || $0.hasPrefix("#") }
    }
    #expect(try index("add", "--index", path, input: #"{"id":1,"text":"Fire in Paradise","hashtags":["CampFire"]}"#).status == 0)
    #expect(try tweets() == ["tweets          3", "#Aluva\t1", "#CampFire\t1", "#Kochi\t1"])
    // A given id replaces only a tweet with the same given id.
    #expect(
      try index("add", "--index", path, input: "{\"id\":\"1\",\"text\":\"Snow\",\"hashtags\":[\"Snow\"]}\nRain #Rain\n").status
        == 0)
    #expect(try tweets() == ["tweets          4", "#Aluva\t1", "#Kochi\t1", "#Rain\t1", "#Snow\t1"])
    #expect(try index("remove", "--index", path, "--id", "@1", "--id", "1").status == 0)
    #expect(try tweets() == ["tweets          2", "#Kochi\t1", "#Rain\t1"])
    let unknown = try index("remove", "--index", path, "--id", "0")
    #expect(unknown.messages.contains("there is no tweet 0; tweets without an id are named @0, @1 and so on"))
    let near = try run(["--format", "json", "--explain"], "Rain\n", index: path).text
    #expect(near.contains(#"{"id":"@2","#) && near.contains(#"{"id":"@0","#))

    let mixed = folder.write(
      "mixed.jsonl",
      "Flood #One\n{\"id\":0,\"text\":\"Fire\",\"hashtags\":[\"Two\"]}\n{\"id\":\"@0\",\"text\":\"Snow\",\"hashtags\":[\"Three\"]}\n"
    )
    #expect(try index("build", "--corpus", mixed, "--output", path).status == 0)
    #expect(try tweets() == ["tweets          3", "#One\t1", "#Three\t1", "#Two\t1"])
  }

  // MARK: Lists

  @Test(arguments: [
    "Flood,Kerala", "#Flood #Kerala", "Flood # the hazard\nKerala", "\u{FEFF}# hazards\r\nFlood;\r\nKerala // state\r\n",
  ])
  func listsDenyAndAllow(text: String) throws {
    let list = folder.write("list", text)
    let options = ["--no-generator", "--threshold", "0", "-k", "100"]
    let plain = try run(options, "Flood in Kerala\n")
    let tags = Set(plain.lines[0].split(separator: " "))
    #expect(tags.isSuperset(of: ["#Flood", "#Kerala"]) && tags.count > 2)
    let denied = try run(options + ["--deny", list], "Flood in Kerala\n")
    #expect(Set(denied.lines[0].split(separator: " ")) == tags.subtracting(["#Flood", "#Kerala"]) && denied.messages == "")
    let allowed = try run(options + ["--allow", list], "Flood in Kerala\n")
    #expect(Set(allowed.lines[0].split(separator: " ")) == ["#Flood", "#Kerala"] && allowed.messages == "")
  }

  @Test func listsThatCannotBeMeant() throws {
    let doubtful = folder.write("doubtful", "Kerala\n2018, C-1\n")
    let result = try run(["--deny", doubtful], "Flood\n")
    #expect(result.status == 0)
    #expect(
      result.messages == "assigner: \(doubtful), line 2: \"2018\" is not a hashtag and is ignored\n"
        + "assigner: \(doubtful), line 2: \"C-1\" is not a hashtag; it is read as #c1\n")
    for text in ["", "# nothing yet\n", "2018\n"] {
      let empty = try run(["--allow", folder.write("empty", text)], "Flood\n")
      #expect(empty.status == 64 && empty.output == [] && empty.messages.contains("the list has no hashtag"))
    }
    for arguments in [
      ["--deny", "-"], ["--allow", "-"], ["--deny", "/dev/stdin"], ["--allow", "/dev/fd/0"],
      ["eval", "--input", "-", "--deny", "-"],
      ["eval", "--input", doubtful, "--deny", "-", "--allow", "/dev/stdin"],
    ] {
      let refused = try Program.run("assigner", arguments + World.arguments(), input: "Kerala\n")
      #expect(refused.status == 64 && refused.output == [] && refused.messages.contains("standard input"), "\(arguments)")
    }
    let utf16 = try run(["--deny", folder.write("utf16", [0xFF, 0xFE, 0x46, 0])], "Flood\n")
    #expect(utf16.status == 65 && utf16.messages.contains("iconv"))
    let gold = folder.write("gold.jsonl", #"{"text": "Flood in Kerala", "hashtags": ["Kerala"]}"#)
    #expect(
      try Program.run("assigner", ["eval", "--input", gold, "--deny", "-"] + World.arguments(), input: "Kerala\n").status == 0)
  }
}
