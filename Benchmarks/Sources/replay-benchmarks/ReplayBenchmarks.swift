internal import ArgumentParser

/// Measures replays. Prints figures only after every replay was found to give the root that the sequential engine gives.
@main
struct ReplayBenchmarks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay-benchmarks",
    abstract: "Measures what eqm-replay bench does not. A wrong root fails a run; a slow replay does not.",
    subcommands: [
      Skew.self, Memory.self, Scaling.self, Limit.self, Bisect.self, Snapshots.self,
      Operations.self, ReplayOnce.self, PackOnce.self, DrillOnce.self,
    ])
}

/// What every benchmark is told.
struct BenchmarkOptions: ParsableArguments {
  @Option(help: "The size of generated logs, as a part of the usual one.")
  var scale = 1.0

  @Option(help: "Figures taken of each number of workers; the median is the one to quote.")
  var runs = 5

  @Option(help: "Figures taken of the sequential engine.")
  var goldenRuns = 1

  @Option(parsing: .upToNextOption, help: "Numbers of workers; the first is what others are compared with.")
  var workers = [1, 2]

  @Option(help: "The folder generated logs are kept in.")
  var cache = LogCache.usualFolder

  @Flag(help: "Take each log away again when it was measured.")
  var discard = false

  func validate() throws {
    guard scale > 0, scale <= 10 else { throw ValidationError("--scale is above 0 and at most 10") }
    guard runs > 0, goldenRuns > 0 else { throw ValidationError("a figure needs a run: --runs, --golden-runs") }
    guard !workers.isEmpty, workers.allSatisfy({ $0 > 0 }) else { throw ValidationError("--workers are above 0") }
  }

  /// `count` at the scale asked for, at least ten.
  func scaled(_ count: Int) -> Int { max(10, Int((Double(count) * scale).rounded())) }

  var logs: LogCache { LogCache(folder: cache, discards: discard) }

  var plan: MeasurementPlan { MeasurementPlan(runs: runs, goldenRuns: goldenRuns, workers: workers) }
}
