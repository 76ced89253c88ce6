// SPDX-License-Identifier: Apache-2.0

import Text

/// Words by which an audit finds hashtags for a person to look at. Nothing is removed because of them.
enum AuditWords {
  /// Followers for followers, lotteries and sales: parts of a hashtag's normal form that nothing else contains.
  static let promotional = [
    "followback", "followme", "followtrain", "followtrick", "teamfollow", "ifollow", "followforfollow", "follow4follow",
    "followparty", "followgain", "gainfollow", "morefollowers", "newfollowers", "autofollow", "mustfollow", "retweetif",
    "rtforfollow", "likeforlike", "like4like", "giveaway", "sweepstake", "discount", "promocode", "coupon", "forsale",
    "buynow", "shopnow", "onlineshop", "freeshipping", "makemoney", "earnmoney", "workfromhome", "getrich", "forexsignal",
  ]

  /// Hashtags that promote only as a whole: "sale" is also in "salem".
  static let promotionalWholes: Set<String> = [
    "f4f", "ff", "tfb", "l4l", "sale", "sales", "deal", "deals", "dealoftheday", "promo", "contest", "raffle", "ebay", "etsy",
    "forex",
    "500aday", "1000aday",
  ]

  /// Obscenities and slurs, in English: a beginning. A list for another language or stream goes into a file (`--words`).
  static let offensive = [
    "fuck", "shit", "bitch", "cunt", "whore", "slut", "nigger", "nigga", "faggot", "retard", "raghead", "towelhead",
    "wetback", "porn",
  ]

  /// Names and things that have one of these by chance.
  private static let innocent = ["shashith", "shitzu", "shitake", "scunthorpe"]

  /// The part of a hashtag that makes it promotional; nil if none does.
  static func promotion(in normal: String) -> String? {
    promotionalWholes.contains(normal) ? normal : promotional.first { contains(normal, $0) }
  }

  /// The first of `words` that a normal form contains; nil for a name that has it by chance.
  static func offence(in normal: String, words: [String]) -> String? {
    guard let word = words.first(where: { contains(normal, $0) }) else { return nil }
    return innocent.contains { contains($0, word) && contains(normal, $0) } ? nil : word
  }

  /// Bytewise, because normal forms are compared so.
  private static func contains(_ text: String, _ part: String) -> Bool {
    let (text, part) = (Array(text.utf8), Array(part.utf8))
    guard let first = part.first, text.count >= part.count else { return false }
    return (0...text.count - part.count).contains { text[$0] == first && text[$0...].starts(with: part) }
  }
}
