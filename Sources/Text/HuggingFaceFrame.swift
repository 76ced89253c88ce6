// SPDX-License-Identifier: Apache-2.0

import ModelFile

/// The special tokens that a tokenizer.json's post-processor puts around a text and between the texts of a pair.
struct HuggingFaceFrame: Equatable {
  /// Token numbers.
  private(set) var begin: [Int] = []
  private(set) var end: [Int] = []
  private(set) var pairSeparators = 0

  /// Nil if the file has no post-processor.
  /// - Throws: `JSONError` for a post-processor that this program does not support.
  init?(_ json: JSONValue) throws(JSONError) {
    guard let processor = json["post_processor"], processor != .null else { return nil }
    try read(processor, "post_processor")
  }

  var isEmpty: Bool { begin.isEmpty && end.isEmpty }

  /// Requires exactly one token before and one after a text: this program supports no other frame.
  func require(begin first: Int32, end last: Int32) throws(JSONError) {
    guard begin == [Int(first)], end == [Int(last)] else {
      throw JSONError(
        keyPath: "post_processor",
        message: "puts \(begin) before a text and \(end) after it; only [\(first)] and [\(last)] are supported")
    }
  }

  private mutating func read(_ processor: JSONValue, _ path: String) throws(JSONError) {
    do throws(JSONError) {
      switch try processor.string("type") {
      case "RobertaProcessing": try readPair(processor, separators: 2)
      case "BertProcessing": try readPair(processor, separators: 1)
      case "TemplateProcessing": try readTemplate(processor)
      // It changes offsets only, which this program does not read.
      case "ByteLevel": break
      case "Sequence":
        for (index, inner) in try processor.array("processors").enumerated() { try read(inner, "processors.\(index)") }
      case let type: throw JSONError(keyPath: "type", message: "is \"\(type)\", which is not supported")
      }
    } catch {
      throw JSONError(keyPath: [path, error.keyPath].compactMap { $0 }.joined(separator: "."), message: error.message)
    }
  }

  /// Reads "cls": ["[CLS]", 101] and "sep".
  private mutating func readPair(_ processor: JSONValue, separators: Int) throws(JSONError) {
    begin = [try processor.integer("cls", "1")]
    end = [try processor.integer("sep", "1")]
    pairSeparators = separators
  }

  /// Reads "single" and "pair": lists of {"SpecialToken": {"id", "type_id"}} and {"Sequence": {"id": "A" or "B", "type_id"}}.
  private mutating func readTemplate(_ processor: JSONValue) throws(JSONError) {
    var parts = try Self.parts(processor, "single", sequences: ["A"])
    guard parts.count == 2 else {
      throw JSONError(keyPath: "single", message: "is not one text between special tokens")
    }
    (begin, end) = (parts[0], parts[1])
    parts = try Self.parts(processor, "pair", sequences: ["A", "B"])
    pairSeparators = parts.count == 3 ? parts[1].count : 1
  }

  /// The special tokens before, between and after the sequences.
  private static func parts(
    _ processor: JSONValue, _ key: String, sequences: [JSONValue]
  ) throws(JSONError) -> [[Int]] {
    var parts: [[Int]] = [[]]
    for element in try processor.array(key) {
      let kind = element["Sequence"] == nil ? "SpecialToken" : "Sequence"
      guard key == "pair" || element.value(at: [kind, "type_id"]) == 0 else {
        throw JSONError(keyPath: key, message: "has a type_id that is not 0, which is not supported")
      }
      if kind == "Sequence" {
        guard element.value(at: [kind, "id"]) == sequences[min(parts.count, sequences.count) - 1] else {
          throw JSONError(keyPath: key, message: "has its texts in an order that is not supported")
        }
        parts.append([])
      } else {
        let name = try element.string(kind, "id")
        parts[parts.count - 1] += try processor.integers("special_tokens", name, "ids")
      }
    }
    return parts
  }
}
