internal import ArgumentParser
internal import Foundation
internal import LogGeneration
internal import ReplayEngine

/// What it takes to find a planted corruption, against one replay of the same log.
struct Bisect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Time of bisect against one replay, and 500 corruptions of a log of 100,000 entries, each named and reproduced.",
    discussion: """
      Every corruption must be named by its ordinal, or shown to have no effect; of two equal entries in a row the second may be
      named. Every reproduction must show the same and hold at most 1 % of the entries.
      """)

  @OptionGroup var options: BenchmarkOptions

  @Option(help: "Corruptions planted.")
  var corruptions = 500

  func run() async throws {
    let log = BenchmarkLog("recorded", .recorded(objects: nil), dataEntryCount: options.scaled(100_000))
    try await options.logs.with(log) { path in
      let folder = "\(options.cache)/bisect-\(ProcessInfo.processInfo.processIdentifier)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let trace = "\(folder)/trace"
      _ = try GoldenRecording(
        ReplayOptions(ReplayArguments(log: path)), path: trace, detail: "full", replaces: false, services: Services()
      ).run()
      let entries = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0A).map(Array.init)
      let planting = Planting(log: CorruptibleLog(entries), trace: trace, folder: folder)
      try await time(planting)
      try await plant(planting)
    }
  }

  // MARK: Time

  /// A replay and a search by turns, of logs that are corrupted at a tenth, in the middle and at the end.
  private func time(_ planting: Planting) async throws {
    var table = TextTable(["corrupted at", "engine", "replay s", "bisect s", "to replay"])
    for part in [0.1, 0.5, 0.999] {
      let path = try planting.write(removing: Int(Double(planting.log.entries.count) * part))
      for workers in options.workers {
        var (replays, searches): ([Double], [Double]) = ([], [])
        for run in 0...options.runs {
          Notice.show("bisect: \(Engine.parallel(workers: workers)), run \(run) of \(options.runs)")
          let replay = try await Bisect.seconds {
            _ = try await Engine.replay(Engine.parallel(workers: workers).arguments(path))
          }
          let search = try await Bisect.seconds {
            _ = try await planting.bisect(path, workers: workers, reproduces: false)
          }
          // The first one warms up.
          guard run > 0 else { continue }
          replays.append(replay)
          searches.append(search)
        }
        table.add([
          String(format: "%.1f %%", 100 * part), "\(Engine.parallel(workers: workers))",
          Quantity.seconds(replays.median), Quantity.seconds(searches.median),
          Quantity.ratio(searches.median / replays.median),
        ])
      }
    }
    Circumstances.show(
      "Bisect: \(Quantity.count(planting.log.entries.count)) entries, medians of \(options.runs), by turns; opening files included"
    )
    table.show()
  }

  private static func seconds(_ body: () async throws -> Void) async throws -> Double {
    let start = ContinuousClock.now
    try await body()
    return (ContinuousClock.now - start).seconds
  }

  // MARK: Corruptions

  private func plant(_ planting: Planting) async throws {
    var counts = PlantedCounts()
    for seed in 0..<UInt64(corruptions) {
      let kinds = Corruption.Kind.allCases
      guard let corruption = planting.log.corruption(kinds[Int(seed) % kinds.count], seed: seed) else { continue }
      if seed % 50 == 0 { Notice.show("bisect: corruption \(seed) of \(corruptions)") }
      let path = try planting.write(corruption.entries)
      try counts.add(
        try await planting.bisect(path, workers: options.workers.last ?? 1, reproduces: true), corruption,
        of: planting.log, seed)
    }
    print(
      """

      \(counts.named) corruptions named by their ordinal, \(counts.withoutEffect) without effect; reproductions of \
      \(counts.entriesMax) entries at most
      """)
  }
}

/// Corrupted logs and searches in them.
private struct Planting {
  let log: CorruptibleLog
  let trace: String
  let folder: String

  func write(removing place: Int) throws -> String {
    var entries = log.entries
    entries.remove(at: place)
    return try write(entries)
  }

  func write(_ entries: [[UInt8]]) throws -> String {
    let path = "\(folder)/corrupted.jsonl"
    try Data(entries.joined(separator: [0x0A])).write(to: URL(fileURLWithPath: path))
    return path
  }

  func bisect(_ path: String, workers: Int, reproduces: Bool) async throws -> BisectFigures {
    let report = try await Bisection(
      ReplayOptions(Engine.parallel(workers: workers).arguments(path)), golden: trace,
      reproduction: reproduces ? "\(folder)/reproduction" : nil, replaces: true, services: Services()
    ).run()
    return try JSONDecoder().decode(BisectFigures.self, from: Data(report.json))
  }
}

/// What a `bisect` document says.
private struct BisectFigures: Decodable {
  struct Divergence: Decodable {
    let ordinal: Int?
    let precision: String
  }

  struct Reproduction: Decodable {
    let entries: Int
    let showsTheSame: Bool?

    enum CodingKeys: String, CodingKey {
      case entries
      case showsTheSame = "shows_the_same"
    }
  }

  let divergence: Divergence?
  let reproduction: Reproduction?
}

/// What came of all corruptions.
private struct PlantedCounts {
  private(set) var named = 0
  private(set) var withoutEffect = 0
  private(set) var entriesMax = 0

  /// - Throws: ``BenchmarkError`` for one that was not found, or not reproduced by few entries.
  mutating func add(
    _ figures: BisectFigures, _ corruption: Corruption, of log: CorruptibleLog, _ seed: UInt64
  ) throws {
    guard let divergence = figures.divergence else {
      withoutEffect += 1
      return
    }
    guard let ordinal = divergence.ordinal, divergence.precision == "entry",
      ordinal == corruption.ordinal || log.repeats(corruption.ordinal, at: ordinal)
    else { throw BenchmarkError.notFound("seed \(seed): \(corruption), named \(divergence.ordinal ?? -1)") }
    guard let reproduction = figures.reproduction, reproduction.showsTheSame == true,
      reproduction.entries * 100 <= max(corruption.entries.count, 100_00)
    else { throw BenchmarkError.notFound("seed \(seed): \(corruption), not reproduced") }
    named += 1
    entriesMax = max(entriesMax, reproduction.entries)
  }
}

extension CorruptibleLog {
  /// Whether the entries from one to another are equal: nobody can say then which of them is missing.
  fileprivate func repeats(_ place: Int, at other: Int) -> Bool {
    other > place && other < entries.count && entries[place...other].allSatisfy { $0 == entries[place] }
  }
}
