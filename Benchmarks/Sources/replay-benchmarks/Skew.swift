internal import ArgumentParser
internal import LogGeneration

/// What a hot object costs.
struct Skew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recorded logs in which one object, or one version of it, has a fifth of the entries, or all STOREs.")

  @OptionGroup var options: BenchmarkOptions

  private var logs: [BenchmarkLog] {
    let kinds: [(String, Workload.Kind)] = [
      ("uniform", .recorded(objects: nil)), ("hot-object", .hotObject), ("hot-version", .hotVersion),
      ("one-version", .oneVersion),
    ]
    return kinds.map { BenchmarkLog($0, $1, dataEntryCount: options.scaled(1_000_000)) }
  }

  func run() async throws {
    let logs = logs
    var measurements: [LogMeasurement] = []
    for log in logs {
      measurements.append(try await options.logs.with(log) { try await options.plan.measure(log, at: $0) })
    }
    Circumstances.show("Skew: entries a second, and as a part of the uniform log's by the same engine")
    var table = TextTable(["log", "entries", "engine", "median s", "min", "max", "entries/s", "to uniform", "root"])
    for (log, measurement) in zip(logs, measurements) {
      for (index, parallel) in measurement.parallel.enumerated() {
        table.add([
          log.name, Quantity.count(parallel.entryCount), "\(parallel.engine)",
          Quantity.seconds(parallel.medianSeconds), Quantity.seconds(parallel.seconds.min() ?? 0),
          Quantity.seconds(parallel.seconds.max() ?? 0), Quantity.rate(parallel.entriesPerSecond),
          Quantity.ratio(parallel.entriesPerSecond / measurements[0].parallel[index].entriesPerSecond),
          String(measurement.root.prefix(16)),
        ])
      }
    }
    table.show()
  }
}
