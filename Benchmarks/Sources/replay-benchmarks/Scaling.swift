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
    let entryCount: Int
    let root: String
    /// Whether the sequential engine gave that root too.
    let isChecked: Bool
    /// By number of workers, in the order of the options.
    let seconds: [[Double]]
  }

  private var counts: [Int] { [options.scaled(1_000_000), options.scaled(10_000_000)] }

  func run() async throws {
    try checkSpace()
    var series: [Series] = []
    for count in counts {
      let log = BenchmarkLog("recorded", .recorded(objects: nil), dataEntryCount: count)
      series.append(try await options.logs.with(log) { try measure(log, count, at: $0) })
    }
    Circumstances.show("Scaling: microseconds of wall time an entry")
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

  private func measure(_ log: BenchmarkLog, _ count: Int, at path: String) throws -> Series {
    let isChecked = count * Scaling.goldenBytes < Scaling.availableBytes
    let reference = isChecked ? Engine.golden : .parallel(workers: options.workers[0])
    Notice.show("\(log.name) of \(Quantity.count(count)): \(reference)")
    var check = RootCheck(log: "\(log.name) of \(count)", reference: reference)
    var figures = try ReplayOnce.figures(path, by: reference)
    try check.check(figures, of: reference)
    var seconds = options.workers.map { _ in [Double]() }
    for run in 0..<options.runs {
      for (index, workers) in options.workers.enumerated() {
        let engine = Engine.parallel(workers: workers)
        Notice.show("\(log.name) of \(Quantity.count(count)): \(engine), run \(run + 1) of \(options.runs)")
        figures = try ReplayOnce.figures(path, by: engine)
        try check.check(figures, of: engine)
        seconds[index].append(figures.run.seconds)
      }
    }
    return Series(
      entryCount: figures.entries.total, root: check.root ?? "", isChecked: isChecked, seconds: seconds)
  }

  private func row(_ series: Series, _ index: Int, _ workers: Int, short: Series) -> [String] {
    func cost(_ series: Series) -> Double { 1e6 * series.seconds[index].median / Double(series.entryCount) }
    let seconds = series.seconds[index]
    return [
      Quantity.count(series.entryCount), "\(Engine.parallel(workers: workers))", Quantity.seconds(seconds.median),
      Quantity.seconds(seconds.min() ?? 0), Quantity.seconds(seconds.max() ?? 0),
      String(format: "%.3f", cost(series)), Quantity.ratio(cost(series) / cost(short)),
      series.isChecked ? "sequential" : "each other", String(series.root.prefix(16)),
    ]
  }

  /// Memory that a process can still get without others losing theirs.
  private static var availableBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
  }
}
