internal import PageMarkup
internal import ReplayEvidence
internal import StorageProtocol

/// Evidence that holds, its members by their path, and what is known of the file that it came from.
struct ReportedEvidence {
  /// Bytes of a value that are shown: both sides of a divergence stay readable, and a page stays a page.
  private static let valueBytesMax = 2000

  let document: JSONObject
  let source: ReportSource

  /// The value at a path like `result.entries.total`; null where there is none.
  subscript(path: String) -> JSONValue {
    path.split(separator: ".").reduce(JSONValue.object(document)) { $0.objectValue?[String($1)] ?? .null }
  }

  /// Whether damage stopped the run before anything was applied.
  var isDamaged: Bool { self["result.state"].isNull }

  var verdict: String { text("verdict") }

  /// The log's name without the folders that it lay in, for people.
  var logName: String { text("run.log").split(separator: "/").last.map(String.init) ?? text("run.log") }

  /// The path of the evidence, for people.
  var fileName: String { PrintableText.plain(Array(source.path.utf8)) }

  // MARK: Values

  /// A text or a number for people, escaped as everywhere; `none` for null.
  func text(_ path: String) -> String { ReportedEvidence.text(self[path]) }

  static func text(_ value: JSONValue) -> String {
    if let bytes = value.stringBytes { return PrintableText.plain(bytes) }
    return value.isNull ? "none" : json(value)
  }

  /// A value as JSON, cut where nobody would read on.
  static func json(_ value: JSONValue) -> String { PrintableText.json(value, bytesMax: valueBytesMax) }

  /// A count; nil where the evidence has none. Counts from 2⁵³ on are texts.
  func count(_ path: String) -> UInt64? { ReportedEvidence.count(self[path]) }

  static func count(_ value: JSONValue) -> UInt64? {
    value.stringBytes.flatMap { UInt64(String(decoding: $0, as: UTF8.self)) } ?? value.integer(as: UInt64.self)
  }

  /// A count with its digits in groups; `none` where the evidence has none.
  func figure(_ path: String) -> String { count(path).map { Figures.count($0) } ?? text(path) }

  func microseconds(_ path: String) -> UInt64? { Figures.microseconds(text(path)) }

  /// The members of an object, keys for people; none for null.
  func members(_ path: String) -> [(key: String, value: JSONValue)] {
    (self[path].objectValue?.members ?? []).map { (PrintableText.plain($0.key), $0.value) }
  }

  func elements(_ path: String) -> [JSONValue] { self[path].elements ?? [] }

  // MARK: Claims that several sections need

  /// What came of a comparison.
  struct Side {
    let side: Comparisons.Side
    let isEqual: Bool
    /// Diverged entries without which it is equal.
    let accepted: UInt64
    /// Null where it is equal.
    let firstDivergence: JSONValue
  }

  /// The comparisons that were made.
  var sides: [Side] {
    Comparisons.Side.allCases.compactMap { side in
      let path = "result.comparison.sides.\(side.rawValue)"
      guard !self[path].isNull else { return nil }
      return Side(
        side: side, isEqual: self["\(path).equal"] == .boolean(true), accepted: count("\(path).accepted") ?? 0,
        firstDivergence: self["\(path).first_divergence"])
    }
  }

  /// Whether a salvage is what was replayed.
  var isSalvage: Bool { !self["result.completeness.lost_entries"].isNull }

  /// STOREs that were applied.
  var storeCount: UInt64 {
    ["reexecuted", "carried", "placeholder"].reduce(0) { sum, name in
      let (total, overflow) = sum.addingReportingOverflow(count("result.stores.\(name)") ?? 0)
      return overflow ? .max : total
    }
  }
}
