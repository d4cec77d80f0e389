internal import ReplayEngine

/// How often what is measured.
struct MeasurementPlan {
  /// A figure covers at least so many seconds, by repeating what is shorter.
  static let figureSecondsMin = 0.5

  let runs: Int
  let goldenRuns: Int
  let workers: [Int]

  /// Measures the engines by turns: golden, each number of workers, golden, each number of workers, …
  ///
  /// - Throws: ``BenchmarkError`` where a root is not the sequential engine's.
  func measure(_ log: BenchmarkLog, at path: String) async throws -> LogMeasurement {
    var check = RootCheck(log: log.name)
    var golden = Measurement(.golden)
    var parallel = workers.map { Measurement(.parallel(workers: $0)) }
    var hashing: [Double] = []
    for round in 0..<max(runs, goldenRuns) {
      hashing.append(Double(HashThroughput.measure(messageBytes: log.messageBytes)))
      if round < goldenRuns { try await golden.takeFigure(path, &check, warmsUp: false) }
      for index in parallel.indices where round < runs {
        Notice.show("\(log.name): \(parallel[index].engine), run \(round + 1) of \(runs)")
        try await parallel[index].takeFigure(path, &check, warmsUp: round == 0)
      }
    }
    return LogMeasurement(
      log: log, root: check.root ?? "", golden: golden, parallel: parallel, hashBytesPerSecond: hashing.median)
  }
}

/// The figures of one engine for one log.
struct Measurement {
  let engine: Engine
  /// Seconds of one replay, one number a figure.
  private(set) var seconds: [Double] = []
  private(set) var entryCount = 0
  /// Busy seconds by stage, of all replays that count.
  private(set) var stageSeconds: [String: Double] = [:]
  /// Of all replays that count.
  private(set) var hashedBytes = 0
  /// Of one replay.
  private(set) var hashedBytesPerReplay = 0
  /// Of all replays that count.
  private var replaySeconds = 0.0
  private var repeats = 1

  init(_ engine: Engine) { self.engine = engine }

  /// Replays until the time of a figure is full, and keeps the mean of it.
  ///
  /// - Parameter warmsUp: whether a replay goes before that is checked and not timed.
  mutating func takeFigure(_ path: String, _ check: inout RootCheck, warmsUp: Bool) async throws {
    if warmsUp {
      let figures = try await engine.figures(path)
      try check.check(figures, of: engine)
      repeats = max(1, Int((MeasurementPlan.figureSecondsMin / max(figures.run.seconds, 1e-6)).rounded(.up)))
    }
    var total = 0.0
    var count = 0
    while count < repeats || total < MeasurementPlan.figureSecondsMin {
      let figures = try await engine.figures(path)
      try check.check(figures, of: engine)
      keep(figures)
      total += figures.run.seconds
      count += 1
    }
    seconds.append(total / Double(count))
  }

  private mutating func keep(_ figures: ReplayFigures) {
    entryCount = figures.entries.total
    replaySeconds += figures.run.seconds
    stageSeconds.merge(figures.run.stages, uniquingKeysWith: +)
    hashedBytes += figures.run.hashedBytes
    hashedBytesPerReplay = figures.run.hashedBytes
  }

  var medianSeconds: Double { seconds.median }

  var entriesPerSecond: Double { Double(entryCount) / medianSeconds }

  var busySeconds: Double { stageSeconds.values.reduce(0, +) }

  /// Time that the workers had, of all replays that count.
  var availableSeconds: Double {
    guard case .parallel(let workers) = engine else { return replaySeconds }
    return replaySeconds * Double(workers)
  }
}

/// The figures of all engines for one log.
struct LogMeasurement {
  let log: BenchmarkLog
  /// The one that all of them gave.
  let root: String
  let golden: Measurement
  let parallel: [Measurement]
  /// SHA3-256 in batches alone, of messages of the log's size, measured between the replays: the median.
  let hashBytesPerSecond: Double
}

extension [Double] {
  /// The middle one, or the mean of the two in the middle; 0 of none.
  var median: Double {
    let sorted = sorted()
    guard !isEmpty else { return 0 }
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
