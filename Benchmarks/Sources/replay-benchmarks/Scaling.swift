internal import ArgumentParser
internal import Foundation
internal import LogGeneration

/// Whether an entry of a long log costs more than one of a short log.
struct Scaling: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cost of an entry at 10,000,000 recorded entries and at 1,000,000, every one of another object.",
    discussion: """
      Each replay is a process of its own. The sequential engine keeps about 3 KB an object: where the machine has not that
      much memory, the long log's roots are compared with each other only, and the table says so.
      """)

  /// Bytes of a recorded entry, and of what the sequential engine holds for it; both rather too many than too few.
  private static let entryBytes = 800
  private static let goldenBytes = 3000

  @OptionGroup var options: BenchmarkOptions

  /// The figures of one log.
  private struct Series {
    let log: BenchmarkLog
    var entryCount = 0
    var check: RootCheck
    /// Whether the sequential engine gave that root too.
    let isChecked: Bool
    /// By number of workers, in the order of the options.
    var seconds: [[Double]]
  }

  private var counts: [Int] { [options.scaled(1_000_000), options.scaled(10_000_000)] }

  func run() async throws {
    try checkSpace()
    let logs = counts.map { BenchmarkLog("recorded", .recorded(objects: nil), dataEntryCount: $0) }
    let series = try await options.logs.with(logs[0]) { short in
      try await options.logs.with(logs[1]) { long in try measure([(logs[0], short), (logs[1], long)]) }
    }
    Circumstances.show("Scaling: microseconds of wall time an entry, logs by turns")
    var table = TextTable(["entries", "engine", "median s", "min", "max", "us an entry", "to short", "checked", "root"])
    for one in series {
      for (index, workers) in options.workers.enumerated() {
        table.add(row(one, index, workers, short: series[0]))
      }
    }
    table.show()
  }

  /// - Throws: `.noSpace`.
  private func checkSpace() throws {
    let neededBytes = counts.reduce(0, +) * Scaling.entryBytes
    let freeBytes = try options.logs.freeBytes()
    guard freeBytes > neededBytes else {
      throw BenchmarkError.noSpace(folder: options.cache, neededBytes: neededBytes, freeBytes: freeBytes)
    }
  }

  /// Logs and engines by turns: a machine that others slow down slows all of them.
  private func measure(_ logs: [(log: BenchmarkLog, path: String)]) throws -> [Series] {
    var series: [Series] = []
    for ((log, path), count) in zip(logs, counts) { series.append(try reference(log, count, at: path)) }
    for run in 0..<options.runs {
      for (place, (log, path)) in logs.enumerated() {
        for (index, workers) in options.workers.enumerated() {
          let engine = Engine.parallel(workers: workers)
          Notice.show("\(log.name) of \(Quantity.count(counts[place])): \(engine), run \(run + 1) of \(options.runs)")
          let figures = try ReplayOnce.figures(path, by: engine)
          try series[place].check.check(figures, of: engine)
          series[place].entryCount = figures.entries.total
          series[place].seconds[index].append(figures.run.seconds)
        }
      }
    }
    return series
  }

  /// The root that all replays of a log must give.
  private func reference(_ log: BenchmarkLog, _ count: Int, at path: String) throws -> Series {
    let isChecked = count * Scaling.goldenBytes < Scaling.availableBytes
    let engine = isChecked ? Engine.golden : .parallel(workers: options.workers[0])
    Notice.show("\(log.name) of \(Quantity.count(count)): \(engine)")
    var check = RootCheck(log: "\(log.name) of \(count)", reference: engine)
    try check.check(try ReplayOnce.figures(path, by: engine), of: engine)
    return Series(log: log, check: check, isChecked: isChecked, seconds: options.workers.map { _ in [] })
  }

  private func row(_ series: Series, _ index: Int, _ workers: Int, short: Series) -> [String] {
    func cost(_ series: Series) -> Double { 1e6 * series.seconds[index].median / Double(series.entryCount) }
    let seconds = series.seconds[index]
    return [
      Quantity.count(series.entryCount), "\(Engine.parallel(workers: workers))", Quantity.seconds(seconds.median),
      Quantity.seconds(seconds.min() ?? 0), Quantity.seconds(seconds.max() ?? 0),
      String(format: "%.3f", cost(series)), Quantity.ratio(cost(series) / cost(short)),
      series.isChecked ? "sequential" : "each other", String((series.check.root ?? "").prefix(16)),
    ]
  }

  /// Memory that a process can still get without others losing theirs.
  private static var availableBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
  }
}
