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
    for round in 0..<max(runs, goldenRuns) {
      if round < goldenRuns { try await golden.takeFigure(path, &check, warmsUp: false) }
      for index in parallel.indices where round < runs {
        Notice.show("\(log.name): \(parallel[index].engine), run \(round + 1) of \(runs)")
        try await parallel[index].takeFigure(path, &check, warmsUp: round == 0)
      }
    }
    return LogMeasurement(root: check.root ?? "", parallel: parallel)
  }
}

/// The figures of one engine for one log.
struct Measurement {
  let engine: Engine
  /// Seconds of one replay, one number a figure.
  private(set) var seconds: [Double] = []
  private(set) var entryCount = 0
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
      entryCount = figures.entries.total
      total += figures.run.seconds
      count += 1
    }
    seconds.append(total / Double(count))
  }

  var medianSeconds: Double { seconds.median }

  var entriesPerSecond: Double { Double(entryCount) / medianSeconds }
}

/// The figures of the parallel engine for one log.
struct LogMeasurement {
  /// The one that all of them gave.
  let root: String
  let parallel: [Measurement]
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
