/// Amounts as people read them, in ASCII.
enum Quantity {
  /// `12.3 MB`.
  static func megabytes(_ bytes: UInt64) -> String { "\(megabytesNumber(bytes)) MB" }

  /// `12.3`, of megabytes, rounded down.
  static func megabytesNumber(_ bytes: UInt64) -> String { "\(bytes / 1_000_000).\(bytes / 100_000 % 10)" }

  /// `45 %`, rounded down.
  static func percent(_ millionths: Int) -> String { "\(millionths / 10_000) %" }

  /// `12 s`, `3 min 20 s`, `2 h 5 min`, rounded up to the second.
  static func time(_ duration: Duration) -> String {
    let (whole, fraction) = duration.components
    let seconds = max(0, whole) + (fraction > 0 ? 1 : 0)
    let minutes = seconds / 60
    if minutes == 0 { return "\(seconds) s" }
    return minutes < 60 ? "\(minutes) min \(seconds % 60) s" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// `1.234 s`, rounded down.
  static func milliseconds(_ duration: Duration) -> String {
    let milliseconds = String(duration.components.attoseconds / 1_000_000_000_000_000)
    return "\(duration.components.seconds)." + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
      + " s"
  }
}
