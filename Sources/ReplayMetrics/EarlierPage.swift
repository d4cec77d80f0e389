/// A page that an earlier run of a target left: what must outlive a run that finds nothing.
package struct EarlierPage: Sendable {
  /// Why a file may not be replaced by a page.
  package enum Fault: Error, Equatable {
    /// The 1-based line is none that this program writes.
    case foreign(line: Int)
    /// It tells of a target of another name.
    case otherTarget
  }

  /// Seconds since 1970, as written; nil where no run of the target had succeeded.
  package private(set) var lastSuccess: String?
  /// What the last result that was compared differed from.
  package private(set) var unequal = UnequalSides()

  /// - Throws: ``Fault``.
  package init(_ bytes: [UInt8], target: String) throws(Fault) {
    // By bytes: equal as text is not equal as a label.
    let ours = Array("{target=\"\(MetricsPage.label(target))\"".utf8)
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard !line.isEmpty else { continue }
      guard EarlierPage.isOurs(line) else { throw .foreign(line: index + 1) }
      guard let labels = line.firstIndex(of: UInt8(ascii: "{")), line.first != UInt8(ascii: "#") else { continue }
      let name = line[..<labels]
      let rest = line[labels...]
      guard rest.starts(with: "{target=\"".utf8) else { continue }
      guard rest.starts(with: ours) else { throw .otherTarget }
      try take(name, rest.dropFirst(ours.count), line: index + 1)
    }
  }

  /// - Parameter rest: what stands behind the target.
  private mutating func take(_ name: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>, line: Int) throws(Fault) {
    let rest = String(decoding: rest, as: UTF8.self)
    switch String(decoding: name.dropFirst(MetricFamily.prefix.utf8.count), as: UTF8.self) {
    case LastRun.successTimeName:
      guard rest.hasPrefix("} ") else { throw .foreign(line: line) }
      lastSuccess = try EarlierPage.decimal(rest.dropFirst(2), line: line)
    case LastRun.goldenMatchName: unequal.golden = rest == "} 0"
    case LastRun.comparisonName:
      unequal.sides += LastRun.sides.filter { rest == ",with=\"\($0)\"} 0" }
    default: break
    }
  }

  private static func isOurs(_ line: ArraySlice<UInt8>) -> Bool {
    ["# HELP ", "# TYPE ", ""].contains { line.starts(with: "\($0)\(MetricFamily.prefix)".utf8) }
  }

  private static func decimal(_ text: Substring, line: Int) throws(Fault) -> String {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let areDigits = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    guard areDigits, parts.count <= 2 else { throw .foreign(line: line) }
    return String(text)
  }
}

/// What a result that was compared differed from.
package struct UnequalSides: Equatable, Sendable {
  /// A sequential run, a golden trace or expected values.
  package var golden = false
  package var sides: [String] = []

  package init() {}
}
