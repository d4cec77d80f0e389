internal import Glibc

/// What values of an axis are, and how they are said in few letters.
package enum ChartUnit: Hashable, Sendable {
  /// `500`, `10 k`, `2.5 M`: by powers of 1000.
  case count
  /// `16 B`, `4 KiB`: by powers of 1024.
  case bytes
  /// `40 %`.
  case percent

  /// The step from one prefix to the next.
  private var base: Double { self == .bytes ? 1024 : 1000 }

  private var suffixes: [String] {
    switch self {
    case .count: ["", " k", " M", " G", " T"]
    case .bytes: [" B", " KiB", " MiB", " GiB", " TiB"]
    case .percent: [" %"]
    }
  }

  /// The value with three significant digits at most, but never without digits in front of the point.
  ///
  /// - Parameter value: finite, and not below 0.
  package func label(_ value: Double) -> String {
    var (rest, place) = (value, 0)
    // 999.6 would become 1000 by rounding.
    while rest >= base - 0.5, place + 1 < suffixes.count { (rest, place) = (rest / base, place + 1) }
    return ChartUnit.digits(rest) + suffixes[place]
  }

  /// As many decimals as there are significant digits left, without zeros at the end.
  private static func digits(_ value: Double) -> String {
    let decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 || value == 0 ? 2 : 3
    let scale = [1, 10, 100, 1000][decimals]
    // A chart has no values that an integer of 64 bits does not hold.
    let scaled = Int((value * Double(scale)).rounded())
    let fraction = String(scaled % scale + scale).dropFirst()
    let significant = fraction.dropLast(fraction.reversed().prefix { $0 == "0" }.count)
    return "\(scaled / scale)" + (significant.isEmpty ? "" : ".\(significant)")
  }

  /// A length of about `length` at which lines of a linear axis stand: 1, 2 or 5 times a power of ten, of bytes a power of two.
  func step(near length: Double) -> Double {
    guard length > 0 else { return 1 }
    if self == .bytes { return exp2(max(0, log2(length).rounded(.up))) }
    let decade = pow(10, log10(length).rounded(.down))
    return decade * ([1, 2, 5].first { decade * $0 >= length * 0.999 } ?? 10)
  }
}
