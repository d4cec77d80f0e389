/// The name of an evidence file, in the order in which such names were given: a day, a time of it, a number.
struct EvidenceName: Comparable {
  let name: String
  private let date: String
  /// Empty for the first evidence of a day.
  private let time: String
  private let number: Int

  /// Nil for the name of any other file.
  init?(_ name: String, prefix: String) {
    guard name.hasPrefix(prefix), name.hasSuffix(".json") else { return nil }
    self.name = name
    let parts = name.dropFirst(prefix.count).dropLast(".json".count).split(
      separator: "_", omittingEmptySubsequences: false)
    guard let moment = parts.first, parts.count <= 2 else { return nil }
    let halves = moment.split(separator: "T", omittingEmptySubsequences: false)
    guard let date = halves.first, date.count == 8, EvidenceName.areDigits(date), halves.count <= 2 else { return nil }
    self.date = String(date)
    guard halves.count == 2 else {
      guard parts.count == 1 else { return nil }
      (time, number) = ("", 0)
      return
    }
    guard halves[1].count == 7, halves[1].last == "Z", EvidenceName.areDigits(halves[1].dropLast()) else { return nil }
    time = String(halves[1])
    guard parts.count == 2 else {
      number = 1
      return
    }
    guard EvidenceName.areDigits(parts[1]), let number = Int(parts[1]) else { return nil }
    self.number = number
  }

  private static func areDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  static func < (left: EvidenceName, right: EvidenceName) -> Bool {
    (left.date, left.time, left.number) < (right.date, right.time, right.number)
  }
}
