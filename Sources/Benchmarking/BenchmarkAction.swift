package import StorageProtocol

/// What github-action-benchmark reads as `customSmallerIsBetter`: an array of objects with a name, a unit and a value.
package enum BenchmarkAction {
  /// The medians of a document; with a comparison, how they stand to another's.
  package static func json(_ document: BenchDocument, _ comparison: BenchComparison? = nil) -> JSONValue {
    .array(
      document.workloads.flatMap { workload in
        workload.series.map { series in
          let row = comparison?.rows.first { $0.workload == workload.name && $0.contender == series.contender }
          return item(workload, series, row)
        }
      })
  }

  private static func item(
    _ workload: BenchedWorkload, _ series: BenchSeries, _ row: BenchComparison.Row?
  ) -> JSONValue {
    var extra = [
      "\(series.samples.count) runs", "\(UInt64(workload.entriesPerSecond(series))) entries/s",
      "root \(workload.stateRoot.prefix(16))",
    ]
    if let row { extra.append("\(row.ratio.text(decimals: 3)) times as long as before: \(row.finding.rawValue)") }
    return .members([
      "name": .text("\(workload.name): \(series.contender)"), "unit": .text("s"),
      "value": .seconds(series.medianSeconds),
      "range": .text("± \((100 * series.seconds.spread / 2).text(decimals: 1)) %"),
      "extra": .text(extra.joined(separator: "\n")),
    ])
  }
}
