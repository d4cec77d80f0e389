internal import ArgumentParser
internal import Foundation
internal import LogGeneration

/// What a large archive costs, and a limit of memory below what its objects take.
struct Limit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "An archive of 20,000,000 recorded entries: packed, replayed, and replayed in 1 GiB of memory.",
    discussion: """
      Each step is a process of its own, whose peak is what the operating system says (VmHWM). All replays must give one
      root; the sequential engine has not the memory for it. Skipped below 40 GiB of free space (times --scale).
      """)

  private static let entryCount = 20_000_000
  private static let neededBytes = 40 << 30
  private static let limitBytes = 1 << 30
  /// What a replay by up to five workers accepts.
  private static let limitBytesMin = 512 << 20

  @OptionGroup var options: BenchmarkOptions

  private var engine: Engine { .parallel(workers: options.workers.max() ?? 1) }

  private var limitBytes: Int { max(Limit.limitBytesMin, Int(Double(Limit.limitBytes) * options.scale)) }

  func run() async throws {
    let neededBytes = Int(Double(Limit.neededBytes) * options.scale)
    let freeBytes = try options.logs.freeBytes()
    guard freeBytes >= neededBytes else {
      print(
        "skipped: \(options.cache) has \(Quantity.bytes(freeBytes)) free, this needs \(Quantity.bytes(neededBytes))")
      return
    }
    let log = BenchmarkLog("recorded", .recorded(objects: nil), dataEntryCount: options.scaled(Limit.entryCount))
    try await options.logs.with(log) { plain in
      let archive = "\(options.cache)/limit.eqm"
      defer { try? FileManager.default.removeItem(atPath: archive) }
      Notice.show("pack")
      let packing = try PackOnce.figures(plain, to: archive)
      show(packing, try measure(plain: plain, archive: archive))
    }
  }

  /// A way to replay the log, and its figures.
  private struct Series {
    let name: String
    let path: String
    let limitBytes: Int?
    var figures: [ReplayFigures] = []

    var medianSeconds: Double { figures.map(\.run.seconds).median }
    var peakBytes: Int { figures.map(\.run.peakMemoryBytes).max() ?? 0 }
  }

  /// By turns: a machine that others slow down slows all of them.
  private func measure(plain: String, archive: String) throws -> [Series] {
    var series = [
      Series(name: "plain log", path: plain, limitBytes: nil), Series(name: "archive", path: archive, limitBytes: nil),
      Series(name: "archive, limited", path: archive, limitBytes: limitBytes),
    ]
    var check = RootCheck(log: "recorded", reference: engine)
    for run in 0..<options.runs {
      for index in series.indices {
        Notice.show("\(series[index].name): \(engine), run \(run + 1) of \(options.runs)")
        let figures = try ReplayOnce.figures(
          series[index].path, by: engine, memoryLimit: series[index].limitBytes, spillFolder: options.cache)
        try check.check(figures, of: engine)
        series[index].figures.append(figures)
      }
    }
    return series
  }

  private func show(_ packing: PackOnce.Figures, _ series: [Series]) {
    Circumstances.show("Limit: archives and limited memory, \(engine); peaks by the operating system")
    print("pack: \(Quantity.seconds(packing.seconds)) s, peak \(Quantity.bytes(packing.peakMemoryBytes))\n")
    var table = TextTable(["replay of", "entries", "median s", "to archive", "limit", "peak", "on disk", "root"])
    for one in series {
      guard let last = one.figures.last else { continue }
      table.add([
        one.name, Quantity.count(last.entries.total), Quantity.seconds(one.medianSeconds),
        Quantity.ratio(one.medianSeconds / series[1].medianSeconds),
        one.limitBytes.map { Quantity.bytes($0) } ?? "none",
        Quantity.bytes(one.peakBytes), last.run.spilledBytes.map { Quantity.bytes($0) } ?? "",
        String(last.commitment.stateRoot.prefix(16)),
      ])
    }
    table.show()
    if let limited = series.last, let limitBytes = limited.limitBytes {
      print("\nthe limit was \(limited.peakBytes <= limitBytes ? "kept" : "NOT kept")")
      if limited.figures.last?.run.spilledBytes == 0 { print("nothing went to disk: the log is too small to tell") }
    }
  }
}
