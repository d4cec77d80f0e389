package import StorageProtocol

/// Two documents, the second compared with the first: `eqm-replay/bench-comparison/1`.
package struct BenchComparison: Sendable {
  package enum Finding: String, Sendable {
    /// The whole interval lies beyond the threshold.
    case slower
    /// The whole interval lies beyond the threshold's inverse.
    case faster
    /// The whole interval lies between them.
    case same
    /// The interval reaches over a bound, or there are too few runs for one.
    case undecided
  }

  /// One contender on one log.
  package struct Row: Equatable, Sendable {
    package let workload: String
    package let contender: String
    package let firstSeconds: Double
    package let secondSeconds: Double
    /// Of pairs where the replays were measured by turns; of medians else.
    package let ratio: Double
    /// Nil for too few runs.
    package let interval: RatioInterval?
    package let isPaired: Bool
    package let finding: Finding
  }

  package let rows: [Row]
  /// Why the documents cannot be of one engine's speed on one log: sentences.
  package let contradictions: [String]
  private let threshold: Double
  private let confidence: Double

  /// - Parameters:
  ///   - threshold: the ratio, above 1, beyond which the second is slower.
  ///   - confidence: of each interval, between 0 and 1.
  package init(_ first: BenchDocument, _ second: BenchDocument, threshold: Double, confidence: Double) {
    self.threshold = threshold
    self.confidence = confidence
    var rows: [Row] = []
    var contradictions: [String] = []
    for workload in first.workloads {
      guard let other = second.workloads.first(where: { $0.name == workload.name && $0.log == workload.log }) else {
        continue
      }
      if workload.stateRoot != other.stateRoot {
        contradictions.append("\(workload.name): the roots are \(workload.stateRoot) and \(other.stateRoot)")
      }
      for series in workload.series {
        guard let counterpart = other.series(series.contender) else { continue }
        rows.append(
          Row(
            workload.name, series, counterpart, isPaired: first.session == second.session, threshold, confidence))
      }
    }
    self.rows = rows
    self.contradictions = contradictions
  }

  /// Whether the second document is of an engine that is slower, or another engine.
  package var isWorse: Bool { !contradictions.isEmpty || rows.contains { $0.finding == .slower } }

  // MARK: What is said

  package var json: JSONValue {
    .members([
      "schema": .text("eqm-replay/bench-comparison/1"), "threshold": .decimals(threshold, count: 4),
      "confidence": .decimals(confidence, count: 4), "worse": .boolean(isWorse),
      "contradictions": .array(contradictions.map(JSONValue.text)), "rows": .array(rows.map(\.json)),
    ])
  }

  package var lines: [String] {
    var table = TextTable(["log", "engine", "first s", "second s", "ratio", "interval", "", "finding"])
    for row in rows {
      let interval = row.interval.map { "\($0.low.text(decimals: 3))–\($0.high.text(decimals: 3))" } ?? "-"
      table.add([
        row.workload, row.contender, row.firstSeconds.text(decimals: 4), row.secondSeconds.text(decimals: 4),
        row.ratio.text(decimals: 3), interval, row.isPaired ? "paired" : "apart", row.finding.rawValue,
      ])
    }
    let rule =
      "slower: the whole interval (\((100 * confidence).text(decimals: 1)) %) above \(threshold.text(decimals: 3)) times the first"
    return table.lines + ["", rule]
  }
}

extension BenchComparison.Row {
  fileprivate init(
    _ workload: String, _ first: BenchSeries, _ second: BenchSeries, isPaired: Bool, _ threshold: Double,
    _ confidence: Double
  ) {
    let pairs = first.samples.compactMap { sample in
      second.samples.first { $0.round == sample.round }.map { (first: sample.seconds, second: $0.seconds) }
    }
    let interval =
      isPaired
      ? RatioInterval.paired(pairs, confidence: confidence)
      : .unpaired(first.seconds, second.seconds, confidence: confidence)
    self.workload = workload
    contender = first.contender
    firstSeconds = first.medianSeconds
    secondSeconds = second.medianSeconds
    ratio = interval?.ratio ?? second.medianSeconds / first.medianSeconds
    self.interval = interval
    self.isPaired = isPaired
    finding = BenchComparison.Finding(interval, threshold)
  }

  fileprivate var json: JSONValue {
    .members([
      "workload": .text(workload), "contender": .text(contender), "first_seconds": .seconds(firstSeconds),
      "second_seconds": .seconds(secondSeconds), "ratio": .decimals(ratio, count: 6),
      "low": interval.map { .decimals($0.low, count: 6) } ?? .null,
      "high": interval.map { .decimals($0.high, count: 6) } ?? .null, "paired": .boolean(isPaired),
      "finding": .text(finding.rawValue),
    ])
  }
}

extension BenchComparison.Finding {
  fileprivate init(_ interval: RatioInterval?, _ threshold: Double) {
    guard let interval else {
      self = .undecided
      return
    }
    if interval.low > threshold {
      self = .slower
    } else if interval.high < 1 / threshold {
      self = .faster
    } else {
      self = interval.high <= threshold && interval.low >= 1 / threshold ? .same : .undecided
    }
  }
}
