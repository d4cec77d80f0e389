internal import ArgumentParser
internal import Foundation
internal import LogGeneration

/// What a snapshot of a million objects takes: rows a second, and memory beside that of the replay.
struct Snapshots: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writing a state of 1,000,000 objects as a snapshot: rows a second, peak memory with and without.",
    discussion: """
      Rows of all tables, in the order of their keys, by one thread; the time is that of all of it: rows made, hashed and
      inserted, the last page written. Every snapshot of one log must have the same SHA-256.
      """)

  @OptionGroup var options: BenchmarkOptions

  private var logs: [BenchmarkLog] {
    [
      BenchmarkLog("many-objects", .recorded(objects: nil), dataEntryCount: options.scaled(1_111_111)),
      BenchmarkLog("tiny", .content(bytes: 16), dataEntryCount: options.scaled(1_000_000)),
    ]
  }

  func run() async throws {
    var table = TextTable([
      "log", "objects", "rows", "workers", "seconds", "rows/s", "min", "max", "file", "peak", "peak without",
    ])
    for log in logs { try await options.logs.with(log) { try measure(log, at: $0, &table) } }
    Circumstances.show("Snapshots: medians of \(options.runs), a process each")
    table.show()
  }

  private func measure(_ log: BenchmarkLog, at path: String, _ table: inout TextTable) throws {
    var check = RootCheck(log: log.name)
    Notice.show("\(log.name): sequential")
    try check.check(ReplayOnce.figures(path, by: .golden), of: .golden)
    let target = "\(options.cache)/snapshot-\(ProcessInfo.processInfo.processIdentifier).sqlite"
    defer { try? FileManager.default.removeItem(atPath: target) }
    var digests: Set<String> = []
    for engine in options.workers.map(Engine.parallel) {
      var runs: [ReplayFigures] = []
      for run in 0..<options.runs {
        Notice.show("\(log.name): \(engine), run \(run + 1) of \(options.runs)")
        let figures = try ReplayOnce.figures(path, by: engine, stateOut: target)
        try check.check(figures, of: engine)
        runs.append(figures)
      }
      let without = try ReplayOnce.figures(path, by: engine)
      let snapshots = runs.compactMap(\.snapshot)
      for snapshot in snapshots { digests.insert(snapshot.sha256) }
      guard digests.count == 1, let first = snapshots.first else {
        throw BenchmarkError.unequalSnapshots(log: log.name)
      }
      let rates = snapshots.map { Double($0.rows) / $0.seconds }
      table.add([
        log.name, Quantity.count(runs[0].state.objectCount), Quantity.count(first.rows), "\(engine)",
        Quantity.seconds(snapshots.map(\.seconds).median), Quantity.rate(rates.median), Quantity.rate(rates.min() ?? 0),
        Quantity.rate(rates.max() ?? 0), Quantity.bytes(first.bytes),
        Quantity.bytes(Int(runs.map { Double($0.run.peakMemoryBytes) }.median)),
        Quantity.bytes(without.run.peakMemoryBytes),
      ])
    }
  }
}
