/// A day of the calendar, in UTC.
package struct CalendarDay: Comparable, Sendable {
  private let year: Int
  private let month: Int
  private let day: Int

  /// - Parameter text: `2026-11-26` (ISO 8601); nil for any other form, and for a day that no month has.
  package init?(iso8601 text: some Collection<UInt8>) {
    let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], let year = CalendarDay.number(parts[0]),
      let month = CalendarDay.number(parts[1]), let day = CalendarDay.number(parts[2]),
      (1...12).contains(month), (1...CalendarDay.dayCount(of: month, in: year)).contains(day)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The number that digits write; nil where anything else is among them.
  private static func number(_ digits: some Collection<UInt8>) -> Int? {
    let isNumber = digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return isNumber ? digits.reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) } : nil
  }

  private static func dayCount(of month: Int, in year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  package static func < (left: CalendarDay, right: CalendarDay) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}
