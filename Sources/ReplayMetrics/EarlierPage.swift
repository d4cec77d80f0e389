/// A page that an earlier run of a target left: what must outlive a run that fails.
package struct EarlierPage: Sendable {
  /// Why a file may not be replaced by a page.
  package enum Fault: Error, Equatable {
    /// The 1-based line is none that this program writes.
    case foreign(line: Int)
    /// It tells of a target of another name.
    case otherTarget
  }

  /// Seconds since 1970, as written; nil where no run of the target had succeeded.
  package let lastSuccess: String?

  /// - Throws: ``Fault``.
  package init(_ bytes: [UInt8], target: String) throws(Fault) {
    let ours = "target=\"\(MetricsPage.label(target))\""
    var lastSuccess: String?
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let text = String(decoding: line, as: UTF8.self)
      guard !text.isEmpty else { continue }
      guard EarlierPage.isOurs(text) else { throw .foreign(line: index + 1) }
      guard !text.hasPrefix("#"), text.contains("{target=\"") else { continue }
      guard text.contains("{\(ours)") else { throw .otherTarget }
      let head = "\(LastRun.successTimeName){\(ours)} "
      if text.hasPrefix(head) { lastSuccess = try EarlierPage.decimal(text.dropFirst(head.count), line: index + 1) }
    }
    self.lastSuccess = lastSuccess
  }

  private static func isOurs(_ line: String) -> Bool {
    ["# HELP storage_replay_", "# TYPE storage_replay_", "storage_replay_"].contains { line.hasPrefix($0) }
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
