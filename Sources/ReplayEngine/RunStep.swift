internal import ReplayEvidence

/// The five steps of a drill, in order: the runbook's (cli.md). Other verbs use some of them.
public enum RunStep: String, CaseIterable, Sendable {
  /// Fresh engine, its empty root, disk space, writable targets.
  case prepare
  /// The log read from end to end: complete and undamaged.
  case load
  /// Every entry applied.
  case replay
  /// The result compared.
  case verify
  /// Evidence written.
  case evidence
}

/// How far a step has come.
public struct Progress: Sendable {
  public let step: RunStep
  /// Entries begun; fewer than before where the log is read again.
  public let entries: UInt64
  /// Bytes of the file as stored up to which its entries were begun; of an archive, of its segments.
  public let bytesRead: UInt64
  /// The file's size, where known.
  public let storedBytes: UInt64?

  public init(step: RunStep, entries: UInt64, bytesRead: UInt64, storedBytes: UInt64?) {
    self.step = step
    self.entries = entries
    self.bytesRead = bytesRead
    self.storedBytes = storedBytes
  }
}

/// What a run gets from outside: it has no clock, no signals and no terminal of its own.
public struct Services: Sendable {
  /// Asked between batches of entries, by the sequential engine between entries; true stops the run, and nothing
  /// half-written stays.
  public var isInterrupted: @Sendable () -> Bool = { false }
  /// Becomes readable when the run is interrupted, so that waiting for input ends; -1 for none.
  public var wakeDescriptor: Int32 = -1
  /// Told, before the first step that reads the log, which steps there will be.
  public var onPlan: @Sendable ([PlannedStep]) -> Void = { _ in }
  /// Told about a step's start, and then at every batch, or every few entries.
  public var onProgress: @Sendable (Progress) -> Void = { _ in }
  /// Told that all work is done, by a verb that ends only when it is interrupted.
  public var onIdle: @Sendable () -> Void = {}
  /// The time of day.
  public var now: @Sendable () -> TimeOfDay = { TimeOfDay.now() }
  /// `EQM_REPLAY_SIMD`: `off` for SHA3-256 in portable code.
  public var simd: String?
  /// The folder of temporary copies.
  public var temporaryFolder = "/tmp"

  public init() {}
}

/// Wall time of the steps of one run.
struct StepClock {
  private let clock = ContinuousClock()
  private let start = ContinuousClock.now
  private(set) var steps: [(step: RunStep, elapsed: Duration)] = []

  /// Runs a step and keeps its time, whether it ends or throws.
  mutating func measure<Value, Failure: Error>(
    _ step: RunStep, _ services: Services, _ body: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    services.onProgress(Progress(step: step, entries: 0, bytesRead: 0, storedBytes: nil))
    let start = clock.now
    defer { steps.append((step, clock.now - start)) }
    return try body()
  }

  /// Runs a step that waits for others and keeps its time, whether it ends or throws.
  mutating func measure<Value, Failure: Error>(
    _ step: RunStep, _ services: Services, _ body: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    services.onProgress(Progress(step: step, entries: 0, bytesRead: 0, storedBytes: nil))
    let start = clock.now
    defer { steps.append((step, clock.now - start)) }
    return try await body()
  }

  /// Wall time since the clock was made, what lies between steps included.
  var elapsed: Duration { clock.now - start }

  /// The time of a step that ran.
  subscript(step: RunStep) -> Duration {
    steps.first { $0.step == step }?.elapsed ?? .zero
  }

  /// The facts of a run, as far as the clock knows them.
  var facts: RunFacts {
    var facts = RunFacts()
    facts.elapsed = self[.replay]
    facts.peakMemoryBytes = ProcessMemory.peakBytes
    facts.steps = steps.map { ($0.step.rawValue, $0.elapsed) }
    return facts
  }
}
