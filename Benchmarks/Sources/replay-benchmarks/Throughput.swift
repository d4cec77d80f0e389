internal import ArgumentParser
internal import Foundation
internal import LogGeneration
internal import ReplayEngine

/// Replays a second on real and generated logs, and where the time goes.
struct Throughput: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sequential and parallel replays of a trace, of real content and of recorded events; stages; hashing.")

  @OptionGroup var options: BenchmarkOptions

  @Option(help: "A log of the runbook dialect, with placeholder content; never scaled.")
  var trace = "fixtures/vm-trace.jsonl.lz4"

  @Option(help: ArgumentHelp("One log only, by its word in the table.", valueName: "name"))
  var only: String?

  private var logs: [BenchmarkLog] {
    let traceName = String(URL(fileURLWithPath: trace).lastPathComponent.prefix { $0 != "." })
    return [
      BenchmarkLog(traceName, file: trace),
      BenchmarkLog("content-1KiB", .content(bytes: 1 << 10), dataEntryCount: options.scaled(200_000)),
      BenchmarkLog("content-1MiB", .content(bytes: 1 << 20), dataEntryCount: options.scaled(2000)),
      BenchmarkLog("recorded", .recorded(objects: nil), dataEntryCount: options.scaled(1_000_000)),
    ]
  }

  func run() async throws {
    let chosen = logs.filter { only == nil || $0.name == only }
    guard !chosen.isEmpty else { throw BenchmarkError.unknownLog(only ?? "", known: logs.map(\.name)) }
    var measurements: [LogMeasurement] = []
    for log in chosen {
      measurements.append(try await options.logs.with(log) { try await options.plan.measure(log, at: $0) })
    }
    let described = chosen.contains { $0.name == logs[0].name } ? try contentBytesDescribed(logs[0]) : nil
    Circumstances.show("Throughput: median seconds of one replay; every root is the sequential engine's")
    ThroughputTable.show(measurements)
    StageTable.show(measurements)
    HashingTable.show(measurements)
    if let described, let measurement = measurements.first { showMemoising(measurement, described) }
  }

  // MARK: Memoising

  /// Bytes of content that the trace's STOREs describe.
  private func contentBytesDescribed(_ log: BenchmarkLog) throws -> Int {
    struct Document: Decodable {
      struct Stores: Decodable {
        let contentBytes: Int

        enum CodingKeys: String, CodingKey { case contentBytes = "content_bytes" }
      }

      let stores: Stores
    }
    let report = try Inspection(ReplayOptions(ReplayArguments(log: trace)), services: Services()).run()
    return try JSONDecoder().decode(Document.self, from: Data(report.json)).stores.contentBytes
  }

  private func showMemoising(_ measurement: LogMeasurement, _ described: Int) {
    print("\nMemoising of placeholder content: \(measurement.log.name)")
    print("  content described  \(Quantity.bytes(described)); a replay without memory hashes it twice")
    for parallel in measurement.parallel {
      let hashed = parallel.hashedBytesPerReplay
      print(
        "  hashed by \(parallel.engine)  \(Quantity.bytes(hashed)), names and events included: "
          + Quantity.percent(Double(hashed), of: 2 * Double(described)))
    }
  }
}

/// Seconds and entries a second.
enum ThroughputTable {
  static func show(_ measurements: [LogMeasurement]) {
    var table = TextTable([
      "log", "entries", "engine", "figures", "median s", "min", "max", "entries/s", "to golden", "to first", "root",
    ])
    for measurement in measurements {
      for engine in [measurement.golden] + measurement.parallel { table.add(row(engine, of: measurement)) }
    }
    table.show()
  }

  private static func row(_ engine: Measurement, of measurement: LogMeasurement) -> [String] {
    let first = measurement.parallel.first
    let toFirst = first.map { engine.entriesPerSecond / $0.entriesPerSecond }
    return [
      measurement.log.name, Quantity.count(engine.entryCount), "\(engine.engine)", "\(engine.seconds.count)",
      Quantity.seconds(engine.medianSeconds), Quantity.seconds(engine.seconds.min() ?? 0),
      Quantity.seconds(engine.seconds.max() ?? 0), Quantity.rate(engine.entriesPerSecond),
      Quantity.ratio(engine.entriesPerSecond / measurement.golden.entriesPerSecond),
      engine.engine == .golden ? "" : toFirst.map(Quantity.ratio) ?? "", String(measurement.root.prefix(16)),
    ]
  }
}

/// Where workers spend their time.
enum StageTable {
  /// In the order of the flow.
  private static let stages = ["read", "decode", "plan", "derive", "apply", "merge", "commit"]

  static func show(_ measurements: [LogMeasurement]) {
    print("\nStages: share of the time that workers were busy; busy: of their time, from opening to root")
    var table = TextTable(["log", "engine"] + stages + ["merge+commit", "busy"])
    for measurement in measurements {
      for parallel in measurement.parallel { table.add(row(parallel, of: measurement)) }
    }
    table.show()
  }

  private static func row(_ parallel: Measurement, of measurement: LogMeasurement) -> [String] {
    let busy = parallel.busySeconds
    func seconds(_ stage: String) -> Double { parallel.stageSeconds[stage] ?? 0 }
    return [measurement.log.name, "\(parallel.engine)"]
      + stages.map { Quantity.percent(seconds($0), of: busy) }
      + [
        Quantity.percent(seconds("merge") + seconds("commit"), of: busy),
        Quantity.percent(busy, of: parallel.availableSeconds),
      ]
  }
}

/// How near derive comes to hashing alone.
enum HashingTable {
  static func show(_ measurements: [LogMeasurement]) {
    print("\nHashing: bytes hashed in derive per second of derive, and SHA3-256 in batches alone, on one core")
    var table = TextTable(["log", "engine", "hashed", "derive", "SHA3 alone", "share", "messages"])
    for measurement in measurements {
      let alone = measurement.hashBytesPerSecond
      for parallel in measurement.parallel {
        let rate = Double(parallel.hashedBytes) / max(parallel.stageSeconds["derive"] ?? 0, 1e-9)
        table.add([
          measurement.log.name, "\(parallel.engine)", Quantity.bytes(parallel.hashedBytesPerReplay),
          Quantity.megabytesPerSecond(rate), Quantity.megabytesPerSecond(alone), Quantity.percent(rate, of: alone),
          "\(measurement.log.messageBytes) B",
        ])
      }
    }
    table.show()
  }
}
