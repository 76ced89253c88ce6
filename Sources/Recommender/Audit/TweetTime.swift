// SPDX-License-Identifier: Apache-2.0

/// When a tweet was written, which its id on Twitter tells: since November 2010 ids begin with the milliseconds since an epoch of
/// Twitter's own. An index keeps no other time.
enum TweetTime {
  /// Shorter ids are older, or numbers of rows.
  private static let least = 1_000_000_000_000_000
  private static let epoch = 1_288_834_974_657

  /// Seconds since 1970; nil for an id that tells no time.
  static func seconds(ofID id: String) -> Int? {
    guard (16...19).contains(id.utf8.count), id.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(id),
      number >= least
    else { return nil }
    return (number >> 22 + epoch) / 1000
  }

  /// The latest year, 1990 to 2099, that a hashtag's normal form names: 2013 for "boulderflood2013".
  static func year(in normal: String) -> Int? {
    normal.utf8.split { !(0x30...0x39).contains($0) }.filter { $0.count == 4 }
      .compactMap { Int(Substring($0)) }.filter { (1990...2099).contains($0) }.max()
  }
}
