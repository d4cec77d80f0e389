/// A figure of the gate: a number that is not negative, with four decimals.
///
/// Integers underneath: the same counts give the same figure and the same text everywhere.
package struct GateNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
  private static let scale: UInt64 = 10_000
  private static let decimalCountMax = 4
  /// Far above any figure.
  private static let unitsMax: UInt64 = 1 << 40
  /// More than that is this much: sums of two stay numbers.
  private static let tenThousandthsMax: UInt64 = 1 << 60

  private let tenThousandths: UInt64

  private init(tenThousandths: UInt64) { self.tenThousandths = min(tenThousandths, GateNumber.tenThousandthsMax) }

  /// `count` for each of `others`, to the nearest; 0 for none.
  package init(_ count: UInt64, per others: UInt64) {
    guard others > 0 else {
      self.init(tenThousandths: 0)
      return
    }
    let (high, low) = count.multipliedFullWidth(by: GateNumber.scale)
    precondition(high < others, "no replay executes so many instructions")
    let (quotient, remainder) = others.dividingFullWidth((high, low))
    self.init(tenThousandths: quotient + (remainder >= others - remainder ? 1 : 0))
  }

  /// `12`, `0.05`, `1034.2871`; nil for anything else, more than four decimals among that.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, GateNumber.isDigits(whole), let units = UInt64(whole), units < GateNumber.unitsMax
    else { return nil }
    guard parts.count == 2 else {
      self.init(tenThousandths: units * GateNumber.scale)
      return
    }
    guard GateNumber.isDigits(parts[1]), parts[1].utf8.count <= GateNumber.decimalCountMax else { return nil }
    let digits = parts[1] + String(repeating: "0", count: GateNumber.decimalCountMax - parts[1].utf8.count)
    guard let fraction = UInt64(digits) else { return nil }
    self.init(tenThousandths: units * GateNumber.scale + fraction)
  }

  private static func isDigits(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// With as many decimals as it needs, and one at least.
  package var description: String {
    let fraction = String(tenThousandths % GateNumber.scale)
    var decimals = Substring(String(repeating: "0", count: GateNumber.decimalCountMax - fraction.count) + fraction)
    while decimals.count > 1, decimals.last == "0" { decimals.removeLast() }
    return "\(tenThousandths / GateNumber.scale).\(decimals)"
  }

  package static func < (left: GateNumber, right: GateNumber) -> Bool { left.tenThousandths < right.tenThousandths }

  package static func + (left: GateNumber, right: GateNumber) -> GateNumber {
    GateNumber(tenThousandths: left.tenThousandths + right.tenThousandths)
  }

  /// To the next lower.
  package static func * (left: GateNumber, right: GateNumber) -> GateNumber {
    let (high, low) = left.tenThousandths.multipliedFullWidth(by: right.tenThousandths)
    guard high < scale else { return GateNumber(tenThousandths: .max) }
    return GateNumber(tenThousandths: scale.dividingFullWidth((high, low)).quotient)
  }

  /// How many times `other` it is; nil where that is nothing.
  package func ratio(to other: GateNumber) -> GateNumber? {
    guard other.tenThousandths > 0 else { return nil }
    return GateNumber(tenThousandths, per: other.tenThousandths)
  }
}
