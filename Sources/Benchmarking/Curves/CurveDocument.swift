/// What was measured for curves, and on what: everything that their pictures show.
package struct CurveDocument: Equatable, Sendable {
  /// One replay, by a process of its own.
  package struct Sample: Equatable, Sendable {
    /// From opening the log to the state root.
    package let microseconds: UInt64
    /// From the start of the process to its end.
    package let processMicroseconds: UInt64
    /// Of all threads of the process.
    package let processorMicroseconds: UInt64
    package let peakMemoryBytes: UInt64
  }

  /// Replays of a log with one number of workers, in the order of the rounds.
  package struct Replays: Equatable, Sendable {
    package let workerCount: Int
    package var samples: [Sample]
  }

  /// A log, and every replay of it: all came to `stateRoot`.
  package struct Log: Equatable, Sendable {
    /// The name of its file.
    package let name: String
    package let entryCount: UInt64
    /// Of all STOREs that carry theirs.
    package let contentBytes: UInt64
    package let stateRoot: String
    /// By the sequential engine; nil where the log is too long for it.
    package let sequential: Sample?
    package let replays: [Replays]
  }

  package struct Point: Equatable, Sendable {
    package let place: Int
    package let logName: String
    package let workerCount: Int
  }

  package struct Points: Equatable, Sendable {
    package let curve: Curve
    package let points: [Point]
  }

  package let origin: CurveOrigin
  package let logs: [Log]
  package let curves: [Points]
}

/// Where and how curves were measured.
package struct CurveOrigin: Equatable, Sendable {
  package let version: String
  package let revision: String
  package let system: String
  package let processor: String
  package let processorCount: Int
  package let command: String
  /// As typed.
  package let scale: String
  package let runCount: Int

  package init(
    version: String, revision: String, system: String, processor: String, processorCount: Int, command: String,
    scale: String, runCount: Int
  ) {
    self.version = version
    self.revision = revision
    self.system = system
    self.processor = processor
    self.processorCount = processorCount
    self.command = command
    self.scale = scale
    self.runCount = runCount
  }
}
