internal import ArgumentParser
internal import Foundation
internal import LogGeneration

/// What it costs to be watched: metrics, progress, and a server that is scraped.
struct Operations: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Drills with nothing, and with a metrics file, progress and a server that is scraped every second.",
    discussion: """
      Each drill is a process of its own, without a sequential run; the two kinds take turns, and go in pairs. Every root must be
      that of the sequential engine, which goes first. With --instructions each kind is run once more under callgrind
      (Debian's valgrind), which counts the instructions of all threads; the scraper is as much slower then as the drill is.
      """)

  @OptionGroup var options: BenchmarkOptions

  @Flag(help: "Count instructions too, of a log a fifth as long.")
  var instructions = false

  func run() async throws {
    let log = BenchmarkLog("recorded", .recorded(objects: nil), dataEntryCount: options.scaled(1_000_000))
    var table = TextTable([
      "log", "entries", "workers", "plain s", "watched s", "watched to plain", "min", "max", "scrapes", "root",
    ])
    try await options.logs.with(log) { try measure(log, at: $0, &table) }
    Circumstances.show("Operations: medians of \(options.runs) pairs, a process each; wall time of the whole drill")
    table.show()
    guard instructions else { return }
    let short = BenchmarkLog("recorded", .recorded(objects: nil), dataEntryCount: options.scaled(200_000))
    try await options.logs.with(short) { try countInstructions(short, at: $0) }
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

  private func countInstructions(_ log: BenchmarkLog, at path: String) throws {
    guard Callgrind.isInstalled else {
      print("\ninstructions were not counted: valgrind is not installed")
      return
    }
    var check = RootCheck(log: log.name)
    try check.check(ReplayOnce.figures(path, by: .golden), of: .golden)
    let workers = options.workers.max() ?? 1
    let engine = Engine.parallel(workers: workers)
    let native = try WatchedDrill(path, workers: workers, isWatched: false, in: options.cache)
    Notice.show("\(log.name): callgrind, plain")
    let plain = try WatchedDrill(path, workers: workers, isWatched: false, in: options.cache, counting: true)
    let slowdown = plain.figures.seconds / native.figures.seconds
    Notice.show("\(log.name): callgrind, watched, scraped every \(Quantity.seconds(slowdown)) s")
    let watched = try WatchedDrill(
      path, workers: workers, isWatched: true, in: options.cache, counting: true, scrapeSeconds: slowdown)
    for drill in [native, plain, watched] { try check.check(drill.figures.result, of: engine) }
    let entryCount = try plain.figures.result.entries.total
    print("\nInstructions of all threads, by callgrind: \(Quantity.count(entryCount)) entries")
    var table = TextTable(["drill", "instructions", "to plain", "scrapes"])
    for (name, drill) in [("plain", plain), ("watched", watched)] {
      table.add([
        name, Quantity.count(drill.instructionCount),
        Operations.ratio(Double(drill.instructionCount) / Double(plain.instructionCount)), "\(drill.scrapeCount)",
      ])
    }
    table.show()
  }

  /// To a hundredth of a percent: that is what this is about.
  private static func ratio(_ ratio: Double) -> String { String(format: "%.4fx", ratio) }
}
