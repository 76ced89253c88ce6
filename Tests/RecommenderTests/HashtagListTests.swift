// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Recommender

@Suite struct HashtagListTests {
  @Test(
    arguments: [
      ("", []), ("\n\r\n  \n", []), ("Kerala", ["kerala"]), ("#Kerala\n", ["kerala"]),
      ("KeralaFloods,Kerala,Kochi", ["keralafloods", "kerala", "kochi"]),
      ("#KeralaFloods #Kerala\t#Kochi", ["keralafloods", "kerala", "kochi"]), ("Kerala # the state\nspam", ["kerala", "spam"]),
      ("# a comment\n#Tag\n#\n## heading\n// more\nx // y", ["tag", "x"]), ("\u{FEFF}Kerala\r\n#Flood\r\n", ["kerala", "flood"]),
      ("Kerala\rFlood", ["kerala", "flood"]), ("a;b ; c,, d", ["a", "b", "c", "d"]), ("#a#b", ["a", "b"]),
      ("＃Full，half、x", ["full", "half", "x"]),
      ("\"Kerala\",\"Kochi\"", ["kerala", "kochi"]), ("[\"#a\", \"b\"]", ["a", "b"]), ("Kerala #,Flood", ["kerala", "flood"]),
      ("Kerala #\nFlood", ["kerala", "flood"]), ("熊本地震 فيضان, Überflutung", ["熊本地震", "فيضان", "überflutung"]),
      ("Kerala\u{A0}Flood\u{2028}x", ["kerala", "flood", "x"]),
    ] as [(String, Set<String>)]) func reads(list: String, hashtags: Set<String>)
  {
    let read = HashtagList(list)
    #expect(read.hashtags == hashtags)
    // "#," is neither a comment nor a hashtag, and gives no message.
    #expect(read.doubts == [])
  }

  @Test func saysWhatItDoesNotUnderstand() {
    let list = HashtagList("Kerala\nCOVID-19, 2018\n\n- flood\nhttp://x.y/z")
    #expect(list.hashtags == ["kerala", "covid19", "flood", "httpxyz"])
    #expect(
      list.doubts == [
        .init(line: 2, message: "\"COVID-19\" is not a hashtag; it is read as #covid19"),
        .init(line: 2, message: "\"2018\" is not a hashtag and is ignored"),
        .init(line: 4, message: "\"-\" is not a hashtag and is ignored"),
        .init(line: 5, message: "\"http://x.y/z\" is not a hashtag; it is read as #httpxyz"),
      ])
  }

  @Test func filtersCompareNormalForms() {
    let filter = HashtagFilter(deny: HashtagList("#Flood\r\n\nSTORM"), allow: HashtagList("storm\nkerala\n"))
    #expect(filter.passes("kerala") && !filter.passes("storm") && !filter.passes("flood") && !filter.passes("other"))
    #expect(HashtagFilter().passes("anything"))
    #expect(!HashtagFilter(deny: nil, allow: HashtagList("")).passes("anything"))
  }
}
