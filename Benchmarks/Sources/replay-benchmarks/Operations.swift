internal import ArgumentParser
internal import Foundation
internal import LogGeneration

/// What it costs to be watched: metrics, progress, and a server that is scraped.
struct Operations: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Drills with nothing, and with a metrics file, progress and a server that is scraped every second.",
    discussion: """
      Each drill is a process of its own, without a sequential run; the two kinds take turns, and go in pairs. Every root must be
      that of the sequential engine, which goes first. Wall time on a shared machine says little of a thousandth:
      Benchmarks/count-instructions counts the instructions of both kinds.
      """)

  @OptionGroup var options: BenchmarkOptions

  func run() async throws {
    let log = BenchmarkLog("recorded", .recorded(objects: nil), dataEntryCount: options.scaled(1_000_000))
    var table = TextTable([
      "log", "entries", "workers", "plain s", "watched s", "watched to plain", "min", "max", "scrapes", "root",
    ])
    try await options.logs.with(log) { try measure(log, at: $0, &table) }
    Circumstances.show("Operations: medians of \(options.runs) pairs, a process each; wall time of the whole drill")
    table.show()
  }

  /// Drills of both kinds with one number of workers, in pairs.
  private struct Pairs {
    var plain: [Double] = []
    var watched: [Double] = []
    var scrapes = 0

    var ratios: [Double] { zip(watched, plain).map { $0 / $1 } }
  }

  private func measure(_ log: BenchmarkLog, at path: String, _ table: inout TextTable) throws {
    var check = RootCheck(log: log.name)
    Notice.show("\(log.name): sequential")
    try check.check(ReplayOnce.figures(path, by: .golden), of: .golden)
    for workers in options.workers {
      var pairs = Pairs()
      var entryCount = 0
      for run in 0..<options.runs {
        Notice.show("\(log.name): \(workers) workers, pair \(run + 1) of \(options.runs)")
        for isWatched in [false, true] {
          let drill = try WatchedDrill(path, workers: workers, isWatched: isWatched, in: options.cache)
          try check.check(try drill.figures.result, of: .parallel(workers: workers))
          entryCount = try drill.figures.result.entries.total
          isWatched ? pairs.watched.append(drill.figures.seconds) : pairs.plain.append(drill.figures.seconds)
          pairs.scrapes += drill.scrapeCount
        }
      }
      table.add([
        log.name, Quantity.count(entryCount), "\(workers)", Quantity.seconds(pairs.plain.median),
        Quantity.seconds(pairs.watched.median), Operations.ratio(pairs.ratios.median),
        Operations.ratio(pairs.ratios.min() ?? 0), Operations.ratio(pairs.ratios.max() ?? 0), "\(pairs.scrapes)",
        String((check.root ?? "").prefix(16)),
      ])
    }
  }

  /// To a hundredth of a percent: that is what this is about.
  private static func ratio(_ ratio: Double) -> String { String(format: "%.4fx", ratio) }
}
