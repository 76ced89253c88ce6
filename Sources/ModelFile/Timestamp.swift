// SPDX-License-Identifier: Apache-2.0
/// Moments as lines give them: seconds since 1970, or RFC 3339's "2018-08-16T09:30:00Z" and "2018-08-16 15:00:00.5+05:30".
package enum Timestamp {
  /// The years 0 to 9999, as RFC 3339 has them.
  package static let range = -62_167_219_200...253_402_300_799

  /// Seconds since 1970, fractions dropped; nil for what is no such moment. A leap second counts as the one before it.
  package static func seconds(_ text: String) -> Int? {
    var bytes = Array(text.utf8)[...]
    func number(_ digits: Int) -> Int? {
      guard bytes.count >= digits, bytes.prefix(digits).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      defer { bytes = bytes.dropFirst(digits) }
      return bytes.prefix(digits).reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
    func takes(_ characters: String) -> UInt8? {
      guard let first = bytes.first, characters.utf8.contains(first) else { return nil }
      bytes = bytes.dropFirst()
      return first
    }
    guard let year = number(4), takes("-") != nil, let month = number(2), takes("-") != nil, let day = number(2),
      takes("Tt ") != nil, let hour = number(2), takes(":") != nil, let minute = number(2), takes(":") != nil,
      let second = number(2), (1...12).contains(month), (1...days(in: month, of: year)).contains(day), hour < 24, minute < 60,
      second <= 60
    else { return nil }
    if takes(".") != nil {
      guard number(1) != nil else { return nil }
      while number(1) != nil {}
    }
    var offset = 0
    if takes("Zz") == nil {
      guard let sign = takes("+-"), let hours = number(2), takes(":") != nil, let minutes = number(2), hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
    guard bytes.isEmpty else { return nil }
    let seconds = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offset
    return range.contains(seconds) ? seconds : nil
  }

  /// As RFC 3339 has it, in UTC.
  package static func text(_ seconds: Int) -> String {
    guard range.contains(seconds) else { return "\(seconds)" }
    let (days, rest) = (seconds.floorDivided(by: 86_400), seconds - seconds.floorDivided(by: 86_400) * 86_400)
    // Never too late a year, and few too early.
    var year = 1970 + days.floorDivided(by: days < 0 ? 365 : 366)
    while daysSince1970(year + 1, 1, 1) <= days { year += 1 }
    var month = 1
    while month < 12, daysSince1970(year, month + 1, 1) <= days { month += 1 }
    let day = days - daysSince1970(year, month, 1) + 1
    func digits(_ value: Int, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return digits(year, 4) + "-" + digits(month, 2) + "-" + digits(day, 2) + "T" + digits(rest / 3600, 2) + ":"
      + digits(rest / 60 % 60, 2) + ":" + digits(rest % 60, 2) + "Z"
  }

  private static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  private static func days(in month: Int, of year: Int) -> Int {
    [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Days of the Gregorian calendar, from year 0 on.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let before = year - 1
    let years = year * 365 + before.floorDivided(by: 4) - before.floorDivided(by: 100) + before.floorDivided(by: 400)
    return years - 719_528 + (1..<month).reduce(0) { $0 + days(in: $1, of: year) } + day
  }
}

extension JSONValue {
  /// A moment as seconds since 1970, fractions dropped: a number of them, or a string as ``Timestamp`` reads it. Nil for
  /// anything else.
  package var moment: Int? {
    switch self {
    case .integer(let seconds) where Timestamp.range.contains(seconds): seconds
    case .number(let seconds)
    where Double(Timestamp.range.lowerBound)...Double(Timestamp.range.upperBound) ~= seconds:
      Int(seconds.rounded(.down))
    case .string(let text): Timestamp.seconds(text)
    default: nil
    }
  }
}

extension Int {
  fileprivate func floorDivided(by divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
