/// What was measured for curves, and on what: everything that their pictures show (`eqm-replay/curves/1`).
package struct CurveDocument: Equatable, Sendable {
  package let program: BenchDocument.Subject
  package let machine: BenchDocument.Machine
  package let circumstances: Circumstances
  package let logs: [Log]
  package let curves: [Points]

  /// How it was measured.
  package struct Circumstances: Equatable, Sendable {
    /// The command line, as typed.
    package let command: String
    /// ISO 8601, UTC.
    package let started: String
    /// Of the usual numbers of entries.
    package let scale: Double
    /// Replays of each point.
    package let runs: Int

    package init(command: String, started: String, scale: Double, runs: Int) {
      self.command = command
      self.started = started
      self.scale = scale
      self.runs = runs
    }
  }

  /// A log, and every replay of it: all came to `stateRoot`.
  package struct Log: Equatable, Sendable {
    /// The name of its file.
    package let name: String
    package let entryCount: UInt64
    /// Of all STOREs that carry theirs.
    package let contentBytes: UInt64
    package let stateRoot: String
    /// By number of workers; behind them the sequential engine, where the log is not too long for it.
    package let series: [BenchSeries]
  }

  package struct Points: Equatable, Sendable {
    package let curve: Curve
    package let points: [Point]
  }

  /// A point of a curve, and whose replays it is the median of.
  package struct Point: Equatable, Sendable {
    package let place: Int
    package let logName: String
    package let workers: Int
  }

  /// Replays of all logs, those of the sequential engine among them.
  package var replayCount: Int { logs.flatMap(\.series).map(\.samples.count).reduce(0, +) }

  /// The log of a point and its samples, at least one; nil where there are none.
  package func samples(of point: Point) -> (log: Log, samples: [BenchSample])? {
    guard let log = logs.first(where: { $0.name == point.logName }),
      let series = log.series.first(where: { $0.workers == point.workers }), !series.samples.isEmpty
    else { return nil }
    return (log, series.samples)
  }
}
