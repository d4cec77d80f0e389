/// Where on a picture a panel's values stand, in tenths of its units: whole numbers have one spelling.
struct ChartFrame {
  /// Between the ends of the horizontal axis and the borders: points at the ends are seen whole.
  private static let inset = 160

  let left: Int
  let top: Int
  let width: Int
  let height: Int
  let horizontal: ChartAxis
  let vertical: ChartAxis

  var right: Int { left + width }
  var bottom: Int { top + height }

  /// The place of a value of the horizontal axis.
  func x(_ value: Double) -> Int {
    left + ChartFrame.inset + Int((horizontal.share(of: value) * Double(width - 2 * ChartFrame.inset)).rounded())
  }

  /// The height of a value of the vertical axis: the larger, the smaller this number.
  func y(_ value: Double) -> Int { bottom - Int((vertical.share(of: value) * Double(height)).rounded()) }

  /// Tenths as a decimal: `12`, `12.5`.
  static func decimal(_ tenths: Int) -> String {
    let digits = "\(tenths / 10)"
    return tenths % 10 == 0 ? digits : "\(digits).\(tenths % 10)"
  }

  static func place(_ x: Int, _ y: Int) -> String { "\(decimal(x)) \(decimal(y))" }
}
