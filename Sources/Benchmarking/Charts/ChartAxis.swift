internal import Glibc

/// A direction of a chart: the values from its one end to the other, and where lines with labels stand.
package struct ChartAxis: Sendable {
  /// How values are spread over the length.
  package enum Spacing: Hashable, Sendable {
    case linear
    /// The same length for the same factor; lines at powers of `base`.
    case logarithmic(base: Int)
  }

  /// Where the ends are.
  package enum Ends: Hashable, Sendable {
    /// At the least and the greatest value.
    case values
    /// At lines around all values; a linear axis begins at 0.
    case lines
  }

  /// What the values are, with their unit.
  package let title: String
  package let spacing: Spacing
  package let unit: ChartUnit
  package let ends: ClosedRange<Double>
  /// Values with a line, ascending, all between the ends.
  package let ticks: [Double]

  /// - Parameters:
  ///   - values: finite, none below 0; of a logarithmic axis, above 0. Without any, from 1 on.
  ///   - tickCountMax: at least 2. A few more where the axis ends at lines.
  package init(
    _ title: String, _ spacing: Spacing = .linear, in unit: ChartUnit = .count, ends: Ends, of values: [Double],
    tickCountMax: Int = 6
  ) {
    let range = (values.min() ?? 1)...(values.max() ?? 1)
    precondition(range.lowerBound >= 0 && range.upperBound.isFinite, "values of a chart are finite, and not negative")
    self.title = title
    self.spacing = spacing
    self.unit = unit
    let lines: [Double]
    switch spacing {
    case .linear: lines = ChartAxis.linear(range, unit, ends, tickCountMax)
    case .logarithmic(let base):
      precondition(range.lowerBound > 0, "a logarithmic axis has no 0")
      lines = ChartAxis.logarithmic(range, base: Double(base), tickCountMax)
    }
    self.ends = ends == .values ? range : (lines.first ?? range.lowerBound)...(lines.last ?? range.upperBound)
    ticks = lines.filter(self.ends.contains)
  }

  /// Lines around the values.
  private static func linear(
    _ range: ClosedRange<Double>, _ unit: ChartUnit, _ ends: Ends, _ tickCountMax: Int
  ) -> [Double] {
    let lower = ends == .lines ? 0 : range.lowerBound
    let length = range.upperBound - lower
    var step = unit.step(near: length / Double(tickCountMax - 1))
    // What is counted has no halves.
    if ends == .values { step = max(step, 1) }
    let first = (lower / step).rounded(.down)
    // A value that is a line by all but the last bits of its number gets no line behind it.
    let last = max(first + 1, (range.upperBound / step - 1e-9).rounded(.up))
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// Powers of `base` around the values: all, or every second, third, … of them. Within two powers of ten, also between them.
  private static func logarithmic(_ range: ClosedRange<Double>, base: Double, _ tickCountMax: Int) -> [Double] {
    let exponent = { (value: Double) in log2(value) / log2(base) }
    let (least, most) = (exponent(range.lowerBound) + 1e-9, exponent(range.upperBound) - 1e-9)
    let stride = max(1, ((most - least) / Double(tickCountMax)).rounded(.up))
    let first = (least / stride).rounded(.down) * stride
    let last = max(first + stride, (most / stride).rounded(.up) * stride)
    let powers = Swift.stride(from: first, through: last, by: stride).map { power(base, $0) }
    guard base == 10, last - first <= 2 else { return powers }
    let lines = powers.flatMap { power in [1, 2, 5].map { power * $0 } }
    let (lower, upper) = (range.lowerBound, range.upperBound)
    return lines.filter { line in
      line >= (lines.last { $0 <= lower * (1 + 1e-9) } ?? lower)
        && line <= (lines.first { $0 >= upper * (1 - 1e-9) } ?? upper)
    }
  }

  /// A whole power, exact where a number of 53 bits is.
  private static func power(_ base: Double, _ exponent: Double) -> Double {
    let magnitude = (0..<Int(exponent.magnitude)).reduce(1.0) { product, _ in product * base }
    return exponent < 0 ? 1 / magnitude : magnitude
  }

  /// Where a value is on the way from the lower end, 0, to the upper one, 1.
  package func share(of value: Double) -> Double {
    let (lower, upper) = (ends.lowerBound, ends.upperBound)
    guard upper > lower else { return 0.5 }
    let clamped = min(max(value, lower), upper)
    switch spacing {
    case .linear: return (clamped - lower) / (upper - lower)
    case .logarithmic: return log(clamped / lower) / log(upper / lower)
    }
  }
}
