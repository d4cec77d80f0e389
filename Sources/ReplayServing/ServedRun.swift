package import ReplayMetrics

/// What pages show of every run at one moment.
package struct ServedRuns: Sendable {
  /// In the order in which they are made; at least one.
  package let runs: [ServedRun]
  package let build: BuildInformation

  package init(_ runs: [ServedRun], build: BuildInformation) {
    precondition(!runs.isEmpty, "something is served")
    self.runs = runs
    self.build = build
  }

  /// The run that is going; else the next one, and behind the last that one.
  var current: ServedRun {
    runs.first { $0.phase.isRunning } ?? runs.first { $0.phase.isWaiting } ?? runs[runs.count - 1]
  }

  /// Whether a run is going, or is to come.
  var isRunning: Bool { runs.contains { $0.phase.isRunning || $0.phase.isWaiting } }
}

/// One run at one moment.
package struct ServedRun: Sendable {
  package enum Phase: Sendable {
    case waiting
    case running(ServedProgress)
    /// With what was known of its progress last.
    case ended(ServedEnd, ServedProgress)

    var isWaiting: Bool { if case .waiting = self { true } else { false } }
    var isRunning: Bool { if case .running = self { true } else { false } }
  }

  /// The name of the run in metrics.
  package let target: String
  /// The log as it was named.
  package let log: String
  package let phase: Phase

  package init(target: String, log: String, phase: Phase) {
    self.target = target
    self.log = log
    self.phase = phase
  }

  /// Nil before the run has begun.
  var progress: ServedProgress? {
    switch phase {
    case .waiting: nil
    case .running(let progress), .ended(_, let progress): progress
    }
  }

  /// Nil before the run has ended.
  var end: ServedEnd? {
    if case .ended(let end, _) = phase { end } else { nil }
  }
}

/// How far a run has come. What is not known is nil.
package struct ServedProgress: Sendable {
  /// When the run began.
  package struct Start: Sendable {
    /// `2026-11-23T14:05:09.123456Z`.
    package let iso8601: String
    /// Since 1970, decimal.
    package let unixSeconds: String

    package init(iso8601: String, unixSeconds: String) {
      self.iso8601 = iso8601
      self.unixSeconds = unixSeconds
    }

    /// `2026-11-23 14:05:09 UTC`.
    var shown: String { iso8601.prefix(19).replacing("T", with: " ") + " UTC" }
  }

  /// A step of the run.
  package struct Step: Sendable {
    package enum State: String, Sendable {
      case waiting, running, done
      /// The run ended in it without a result, and before the steps that are skipped.
      case stopped, skipped

      /// Whether anything was done.
      var hasBegun: Bool { self != .waiting && self != .skipped }
    }

    package let name: String
    package let state: State
    /// Wall time so far.
    package let elapsed: Duration
    /// Entries and bytes of the file as stored, of all readings of the step together.
    package let entries: UInt64
    package let bytesRead: UInt64

    package init(name: String, state: State, elapsed: Duration, entries: UInt64, bytesRead: UInt64) {
      self.name = name
      self.state = state
      self.elapsed = elapsed
      self.entries = entries
      self.bytesRead = bytesRead
    }
  }

  package let start: Start
  package var elapsed = Duration.zero
  /// The step that is going.
  package var step: String?
  /// Every step that the run has made or is known to make, in order.
  package var steps: [Step] = []
  /// Entries and bytes of the reading that is under way.
  package var entries: UInt64 = 0
  package var bytesRead: UInt64 = 0
  package var storedBytes: UInt64?
  /// What of the whole is done.
  package var fractionMillionths: Int?
  package var remaining: Duration?
  package var entriesPerSecond: UInt64?
  package var bytesPerSecond: UInt64?
  /// Entries a second, of one look after the other, the newest last.
  package var rates: [UInt64] = []
  /// Nil for an engine without.
  package var workers: Int?

  package init(start: Start) { self.start = start }
}

/// What came of a run.
package struct ServedEnd: Sendable {
  /// As evidence has it; nil where the run came to none.
  package var verdict: String?
  package let exitStatus: Int32
  /// What went wrong, a sentence each.
  package var problems: [String] = []
  /// What is told of the result, a name and a value each.
  package var rows: [(name: String, value: String)] = []
  /// The metrics of the result.
  package var families: [MetricFamily] = []

  package init(exitStatus: Int32) { self.exitStatus = exitStatus }
}
