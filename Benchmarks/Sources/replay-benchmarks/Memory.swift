internal import ArgumentParser
internal import LogGeneration

/// What a replay holds in memory: each measurement is a process of its own, and reads its `VmHWM`.
struct Memory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Peak memory: per object, and over one and four times the entries of the same objects.")

  @OptionGroup var options: BenchmarkOptions

  /// The peaks of one log.
  private struct Peaks {
    let log: BenchmarkLog
    let root: String
    let entryCount: Int
    let objectCount: Int
    /// One number a process.
    let bytes: [Double]

    var medianBytes: Double { bytes.median }
  }

  private var engine: Engine { .parallel(workers: options.workers.max() ?? 1) }

  /// Data entries of which nine tenths store objects, so that about a million do.
  private var entryCount: Int { options.scaled(1_111_111) }

  /// Objects of the logs that repeat; the shorter one stores each of them at least once.
  private var repeatedObjectCount: Int { options.scaled(250_000) }

  private var logs: [BenchmarkLog] {
    let objects = repeatedObjectCount
    return [
      // As many entries over few objects: what a replay takes but for objects.
      BenchmarkLog("few-objects", .recorded(objects: options.scaled(1000)), dataEntryCount: entryCount),
      BenchmarkLog("many-objects", .recorded(objects: nil), dataEntryCount: entryCount),
      BenchmarkLog("1x-entries", .recorded(objects: objects), dataEntryCount: objects * 5 / 4),
      BenchmarkLog("4x-entries", .recorded(objects: objects), dataEntryCount: objects * 5),
    ]
  }

  func run() async throws {
    var peaks: [Peaks] = []
    for log in logs { peaks.append(try await options.logs.with(log) { try measure(log, at: $0) }) }
    Circumstances.show("Memory: peak resident bytes (VmHWM) of a process that replays once, by \(engine)")
    var table = TextTable(["log", "entries", "objects", "median peak", "min", "max", "root"])
    for peak in peaks {
      table.add([
        peak.log.name, Quantity.count(peak.entryCount), Quantity.count(peak.objectCount),
        Quantity.bytes(Int(peak.medianBytes)), Quantity.bytes(Int(peak.bytes.min() ?? 0)),
        Quantity.bytes(Int(peak.bytes.max() ?? 0)), String(peak.root.prefix(16)),
      ])
    }
    table.show()
    showPerObject(few: peaks[0], many: peaks[1])
    let growth = peaks[3].medianBytes / peaks[2].medianBytes
    print("four times the entries of the same objects: \(Quantity.ratio(growth)) the peak")
  }

  private func measure(_ log: BenchmarkLog, at path: String) throws -> Peaks {
    var check = RootCheck(log: log.name)
    Notice.show("\(log.name): sequential")
    try check.check(ReplayOnce.figures(path, by: .golden), of: .golden)
    var runs: [ReplayFigures] = []
    for run in 0..<options.runs {
      Notice.show("\(log.name): \(engine), run \(run + 1) of \(options.runs)")
      let figures = try ReplayOnce.figures(path, by: engine)
      try check.check(figures, of: engine)
      runs.append(figures)
    }
    return Peaks(
      log: log, root: check.root ?? "", entryCount: runs[0].entries.total, objectCount: runs[0].state.objectCount,
      bytes: runs.map { Double($0.run.peakMemoryBytes) })
  }

  private func showPerObject(few: Peaks, many: Peaks) {
    let objectCount = Double(many.objectCount - few.objectCount)
    let perObject = (many.medianBytes - few.medianBytes) / objectCount
    let withoutID = perObject - Double(Workload.objectIDBytes)
    print("\nan object of one shard: \(Quantity.rate(perObject)) B, \(Quantity.rate(withoutID)) B without its id")
  }
}
