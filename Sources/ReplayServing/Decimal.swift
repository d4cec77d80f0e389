/// Numbers of a run that is going, as pages write them.
enum Decimal {
  /// `0.123456` for 123,456.
  static func millionths(_ count: Int) -> String {
    let digits = String(count % 1_000_000)
    return "\(count / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// `12.3 %`, rounded down.
  static func percent(_ millionths: Int) -> String { "\(millionths / 10_000).\(millionths / 1000 % 10) %" }

  /// `0.8 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, rounded down.
  static func time(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    if seconds < 10 { return "\(seconds).\(duration.components.attoseconds / 100_000_000_000_000_000) s" }
    if seconds < 60 { return "\(seconds) s" }
    let minutes = seconds / 60
    return minutes < 60 ? "\(minutes) min \(seconds % 60) s" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
