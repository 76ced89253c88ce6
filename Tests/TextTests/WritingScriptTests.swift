// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Text

@Suite struct WritingScriptTests {
  @Test(arguments: [
    ("Flood2019", WritingScript.latin), ("Überflutung", .latin), ("Πυρκαγιά", .greek), ("Наводнение", .cyrillic),
    ("فيضان", .arabic),
    ("שיטפון", .hebrew), ("बाढ़", .indic), ("น้ำท่วม", .thai), ("地震", .chinese), ("地震だ", .japanese), ("지진", .korean),
    ("2019", .other), ("", .other), ("ABCж", .latin), ("Aж", .latin), ("RTしたbot", .latin), ("ሰላም", .other),
  ])
  func mostLettersDecide(_ text: String, _ script: WritingScript) { #expect(WritingScript.of(text) == script) }
}
