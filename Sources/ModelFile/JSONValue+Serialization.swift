// SPDX-License-Identifier: Apache-2.0

import System

extension JSONValue {
  /// The JSON text of this value.
  ///
  /// Keys are sorted by their bytes, so that equal values give equal texts. With `pretty`, each member has its own line, indented
  /// by two spaces per level.
  package func serialized(pretty: Bool = false) -> String {
    var text = ""
    write(to: &text, indentation: pretty ? 0 : nil)
    return text
  }

  /// Appends `text` in quotes, with the escapes that JSON requires and those that keep it printable (``PrintableText``).
  package static func appendQuoted(_ text: String, to output: inout String) {
    output += "\""
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case _ where PrintableText.shows(scalar, after: previous): output.unicodeScalars.append(scalar)
      default: PrintableText.appendEscape(scalar, to: &output)
      }
      previous = scalar
    }
    output += "\""
  }

  private func write(to output: inout String, indentation: Int?) {
    switch self {
    case .null: output += "null"
    case .bool(let flag): output += flag ? "true" : "false"
    case .integer(let number): output += "\(number)"
    // JSON has no infinity and no NaN. The parser never makes one.
    case .number(let number): output += number.isFinite ? "\(number)" : "null"
    case .string(let text): Self.appendQuoted(text, to: &output)
    case .array(let elements):
      Self.write(elements, between: "[", "]", to: &output, indentation) { element, output, indentation in
        element.write(to: &output, indentation: indentation)
      }
    case .object(let members):
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      Self.write(sorted, between: "{", "}", to: &output, indentation) { member, output, indentation in
        Self.appendQuoted(member.key, to: &output)
        output += indentation == nil ? ":" : ": "
        member.value.write(to: &output, indentation: indentation)
      }
    }
  }

  private static func write<Item>(
    _ items: [Item], between open: String, _ close: String, to output: inout String, _ indentation: Int?,
    _ body: (Item, inout String, Int?) -> Void
  ) {
    output += open
    let inner = indentation.map { $0 + 2 }
    for (index, item) in items.enumerated() {
      if index > 0 { output += "," }
      if let inner { output += "\n" + String(repeating: " ", count: inner) }
      body(item, &output, inner)
    }
    if let indentation, !items.isEmpty { output += "\n" + String(repeating: " ", count: indentation) }
    output += close
  }
}
