internal import ReplayEvidence

/// A metric: its name, what it means, and its samples (Prometheus text format 0.0.4).
package struct MetricFamily: Sendable {
  package enum Kind: String, Sendable { case gauge, counter }

  /// What the names of all families begin with.
  package static let prefix = "storage_replay_"

  /// One series and its value.
  package struct Sample: Sendable {
    package let labels: KeyValuePairs<String, String>
    package let value: MetricValue
  }

  /// Snake case, with its base unit last; `_total` behind a counter's alone.
  package let name: String
  package let kind: Kind
  package let help: String
  package private(set) var samples: [Sample] = []

  package init(_ name: String, _ help: String, kind: Kind = .gauge) {
    precondition(name.utf8.allSatisfy(MetricFamily.isNameCharacter), "a metric's name is in snake case")
    precondition(
      (kind == .counter) == name.hasSuffix("_total"), "the name of a counter, and of no gauge, ends with _total")
    self.name = name
    self.kind = kind
    self.help = help
  }

  /// A family of one series.
  package init(
    _ name: String, _ help: String, kind: Kind = .gauge, _ value: MetricValue, _ labels: KeyValuePairs<String, String>
  ) {
    self.init(name, help, kind: kind)
    add(value, labels)
  }

  /// The family of one value of a target, without a series where that is not known.
  ///
  /// - Parameter name: behind ``prefix``.
  package init(_ name: String, _ help: String, _ value: MetricValue?, target: String) {
    self.init(MetricFamily.prefix + name, help)
    if let value { add(value, ["target": target]) }
  }

  package mutating func add(_ value: MetricValue, _ labels: KeyValuePairs<String, String>) {
    samples.append(Sample(labels: labels, value: value))
  }

  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || byte == UInt8(ascii: "_")
  }
}

/// The value of a series, as it is written.
package struct MetricValue: Sendable {
  package let text: String

  package init(_ count: some BinaryInteger) { text = String(count) }

  package init(_ flag: Bool) { text = flag ? "1" : "0" }

  /// Seconds with six decimals.
  package init(_ duration: Duration) { text = duration.secondsText }

  /// - Parameter decimal: digits, perhaps with a point and more digits behind it.
  package init(decimal: String) {
    precondition(
      !decimal.isEmpty
        && decimal.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") },
      "a decimal is digits and a point")
    text = decimal
  }
}
