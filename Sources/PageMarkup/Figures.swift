/// Numbers for people. Integers only: what is shown is what was written, or cut, never rounded up.
package enum Figures {
  /// `114,083`.
  package static func count(_ number: UInt64) -> String { grouped(String(number)) }

  /// `1 entry`, `2 entries`.
  package static func count(_ number: UInt64, _ one: String, _ many: String) -> String {
    "\(count(number)) \(number == 1 ? one : many)"
  }

  /// `1,162,977 bytes (1.1 MiB)`.
  package static func bytes(_ number: UInt64) -> String {
    let units: [(name: String, shift: UInt64)] = [("GiB", 30), ("MiB", 20), ("KiB", 10)]
    guard let unit = units.first(where: { number >> $0.shift > 0 }) else { return count(number, "byte", "bytes") }
    let tenths = (UInt128(number) * 10) >> unit.shift
    return "\(count(number)) bytes (\(tenths / 10).\(tenths % 10) \(unit.name))"
  }

  /// A part of a whole in percent, cut to two decimals: `99.99 %` is never everything.
  package static func percent(_ part: UInt64, of whole: UInt64) -> String {
    guard whole > 0 else { return "none" }
    let hundredths = UInt128(part) * 10_000 / UInt128(whole)
    let decimals = String(hundredths % 100)
    return "\(hundredths / 100).\(decimals.count == 1 ? "0" : "")\(decimals) %"
  }

  /// A decimal without the zeros at its end, its digits in groups: `1,068,442`, `11,352.222`.
  package static func decimal(_ text: String) -> String {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return text }
    let zeros = parts[1].reversed().prefix { $0 == "0" }.count
    let fraction = parts[1].dropLast(zeros)
    return grouped(String(parts[0])) + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  /// Microseconds of a text of seconds with six decimals; nil for any other.
  package static func microseconds(_ text: String) -> UInt64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.count == 6, let seconds = UInt64(parts[0]), let rest = UInt64(parts[1]) else {
      return nil
    }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let (sum, carry) = whole.addingReportingOverflow(rest)
    return overflow || carry ? nil : sum
  }

  /// `256.661 s`, `0.000928 s`: three decimals, six below a tenth of a second.
  package static func seconds(microseconds: UInt64) -> String {
    let digits = String(microseconds % 1_000_000)
    let decimals = String(repeating: "0", count: 6 - digits.count) + digits
    return "\(count(microseconds / 1_000_000)).\(decimals.prefix(microseconds < 100_000 ? 6 : 3)) s"
  }

  /// `count` per second, cut; nil where no time passed.
  package static func perSecond(_ count: UInt64, microseconds: UInt64) -> UInt64? {
    microseconds == 0 ? nil : UInt64(clamping: UInt128(count) * 1_000_000 / UInt128(microseconds))
  }

  private static func grouped(_ digits: String) -> String {
    guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return digits }
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
