// SPDX-License-Identifier: Apache-2.0

import System
import Testing
import TestSupport

@testable import ModelFile

@Suite struct JSONTests {
  @Test(
    arguments: [
      ("null", .null), (" true\n", true), ("false", false), ("0", 0), ("-0", 0), ("-12", -12), ("1.5", 1.5),
      ("1e3", 1000.0), ("1E-2", 0.01), ("-0.0", -0.0), ("9223372036854775807", .integer(.max)),
      ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
      ("\"\"", ""), ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a\"\\/\u{8}\u{C}\n\r\t"), ("\"\\u00e9\\u20AC\"", "é€"),
      ("\"\\ud83d\\ude00\"", "😀"), ("\"é😀\"", "é😀"),
      ("\"\\ud800\"", "\u{FFFD}"), ("\"\\udc00x\"", "\u{FFFD}x"), ("\"\\ud800\\u0041\"", "\u{FFFD}A"),
      ("\"\\ud800\\n\"", "\u{FFFD}\n"),
      ("\"\\ud800\\ud83d\\ude00\"", "\u{FFFD}😀"), ("1e400", .number(.greatestFiniteMagnitude)),
      ("-1e999", .number(-.greatestFiniteMagnitude)),
      ("1e-999", 0.0), ("123456789012345678901234567890", 123456789012345678901234567890.0), ("[]", []),
      ("[1, [2],{}]", [1, [2], [:]]),
      ("{\"a\" : {\"b\":[null]} , \"c\":1}", ["a": ["b": [nil]], "c": 1]),
      // Swift treats canonically equivalent strings as one key. These are values, not keys.
      ("[\"e\\u0301\"]", ["e\u{301}"]),
    ] as [(String, JSONValue)])
  func parses(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
    #expect(try JSONValue(parsing: value.serialized()) == value)
    #expect(try JSONValue(parsing: value.serialized(pretty: true)) == value)
  }

  @Test(arguments: [
    ("", 0, "ends where a value"), ("  ", 2, "ends where"), ("nul", 0, "null"), ("truE", 0, "true"), ("01", 1, "leading zeros"),
    ("+1", 0, "a value is expected"), ("1.", 2, "digit"), (".5", 0, "a value is expected"), ("-", 1, "digit"),
    ("1e", 2, "digit"), ("1e+", 3, "digit"), ("NaN", 0, "a value is expected"), ("1 2", 2, "more text follows"),
    ("{\"a\":1,\"a\":2}", 7, "twice"), ("{\"a\":1,\"\\u0061\":2}", 7, "twice"), ("{a:1}", 1, "key"), ("{\"a\"}", 4, "\":\""),
    ("{\"a\":1", 6, "\"}\""), ("{\"a\":1,}", 7, "key"), ("[1,]", 3, "a value is expected"), ("[1", 2, "\"]\""),
    ("[1 2]", 3, "\"]\""), ("\"a", 2, "ends inside"), ("\"a\\", 3, "ends inside"), ("\"\\x\"", 2, "escape"),
    ("\"\\u12\"", 5, "hexadecimal"), ("\"\\ud800\\u00\"", 11, "hexadecimal"),
    ("\"a\nb\"", 2, "control"), ("\u{FEFF}{}", 0, "a value is expected"),
  ])
  func refuses(text: String, offset: Int, message: String) {
    #expect {
      try JSONValue(parsing: text)
    } throws: { error in
      guard let error = error as? JSONError else { return false }
      return error.offset == offset && error.message.contains(message)
    }
  }

  @Test func shortNumbersAreRoundedAsTheLibraryRoundsThem() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let digits = Int.random(in: 1...17, using: &random)
      let whole = String(UInt64.random(in: 0..<10_000_000_000, using: &random) % UInt64(digits * digits * digits))
      let fraction = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
      let text = (Bool.random(using: &random) ? "-" : "") + whole + "." + fraction
      #expect(try JSONValue(parsing: text) == .number(#require(Double(text))), "\(text)")
    }
  }

  @Test func refusesInvalidUTF8() {
    for bytes: [UInt8] in [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xE2, 0x82, 0x22],
    ] {
      #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }
  }

  @Test func depthIsBounded() throws {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(throws: Never.self) { try JSONValue(parsing: deep) }
    #expect(throws: JSONError(offset: 64, message: "nested deeper than 64")) { try JSONValue(parsing: "[" + deep + "]") }
    #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "{\"a\":", count: 1_000_000)) }
  }

  @Test func noBytesTrap() {
    var generator = SeededGenerator(seed: 3)
    let alphabet = Array("{}[]\",:\\u00d8e+-.019 tfn\u{e9}\n".utf8) + [0xFF, 0x00]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! }
      if let value = try? JSONValue(parsing: bytes) {
        #expect((try? JSONValue(parsing: value.serialized())) == value)
      }
    }
  }

  @Test func accessNamesThePath() throws {
    let value: JSONValue = ["a": ["b": 3, "c": [1, 2.5, "x"], "d": nil], "t": true, "s": "text"]
    #expect(try value.integer("a", "b") == 3)
    #expect(try value.number("a", "b") == 3)
    #expect(try value.number("a", "c", "1") == 2.5)
    #expect(try value.bool("t"))
    #expect(try value.string("s") == "text")
    #expect(try value.array("a", "c").count == 3)
    #expect(value.value(at: ["a", "c", "9"]) == nil)
    #expect(throws: JSONError(keyPath: "a.x", message: "is missing")) { try value.integer("a", "x") }
    #expect(throws: JSONError(keyPath: "a.b", message: "is 3, outside 4...5")) { try value.integer("a", "b", in: 4...5) }
    #expect(throws: JSONError(keyPath: "a.c.2", message: "is a string, not a number")) { try value.numbers("a", "c") }
    #expect(throws: JSONError(keyPath: "a.c.1", message: "is a number, not an integer")) { try value.integers("a", "c") }
    #expect(throws: JSONError(keyPath: "a.d", message: "is null, not a string")) { try value.string("a", "d") }
    #expect(try value.object("a").keys.sorted() == ["b", "c", "d"])
  }

  @Test func serializesInOneWay() {
    let value: JSONValue = ["b": [1, 2], "a": ["x": 1.0, "e": 1e-12], "q": "\"\u{1}é\n", "z": [], "o": [:]]
    #expect(value.serialized() == #"{"a":{"e":1e-12,"x":1.0},"b":[1,2],"o":{},"q":"\"\u0001é\n","z":[]}"#)
    #expect(JSONValue.object(["a": [1]]).serialized(pretty: true) == "{\n  \"a\": [\n    1\n  ]\n}")
  }

  /// Every scalar survives serialisation and parsing, and its JSON is one printable line.
  @Test func jsonLosesNothing() throws {
    for value: UInt32 in (0...0x3200).lazy.map({ $0 }) + [0xFE0F, 0xFEFF, 0xFFF9, 0xFFFE, 0x1F600, 0xE0001, 0xE0100, 0x10FFFF] {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = "a\(scalar)\(scalar) \(scalar)"
      let json = JSONValue.string(text).serialized()
      #expect(try JSONValue(parsing: json) == .string(text))
      #expect(PrintableText.line(json).unicodeScalars.elementsEqual(json.unicodeScalars), "U+\(String(value, radix: 16))")
    }
  }
}
