/// A page of metrics that Prometheus scrapes, or that node_exporter's textfile collector reads.
///
/// Source: Prometheus text format 0.0.4. No sample has a timestamp: the textfile collector refuses a file with one.
package struct MetricsPage: Sendable {
  /// The form that every version of Prometheus takes, whatever it asks for first.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// Those without a sample are not written: an empty family says nothing.
  package let families: [MetricFamily]

  package init(_ families: [MetricFamily]) {
    let names = families.map(\.name)
    precondition(Set(names).count == names.count, "every family is on a page once")
    self.families = families
  }

  package var text: String { families.filter { !$0.samples.isEmpty }.map(MetricsPage.text).joined() }

  private static func text(_ family: MetricFamily) -> String {
    let head = "# HELP \(family.name) \(escaped(family.help))\n# TYPE \(family.name) \(family.kind.rawValue)\n"
    return head + family.samples.map { "\(family.name)\(labels($0.labels)) \($0.value.text)\n" }.joined()
  }

  private static func labels(_ labels: KeyValuePairs<String, String>) -> String {
    guard !labels.isEmpty else { return "" }
    return "{" + labels.map { "\($0.key)=\"\(label($0.value))\"" }.joined(separator: ",") + "}"
  }

  /// The value of a label as it stands between its quotes.
  static func label(_ value: String) -> String { escaped(value, quotes: true) }

  /// By scalars: a quote with an accent behind it is one character that is not a quote.
  private static func escaped(_ text: String, quotes: Bool = false) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped.append(contentsOf: #"\\"#.unicodeScalars)
      case "\n": escaped.append(contentsOf: #"\n"#.unicodeScalars)
      case "\"" where quotes: escaped.append(contentsOf: #"\""#.unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}
