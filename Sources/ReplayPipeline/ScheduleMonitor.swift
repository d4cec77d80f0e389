internal import LogReading
internal import StorageProtocol

/// The schedule behind a lock, and the workers that wait for it: one lock a job, none an entry.
final class ScheduleMonitor: Sendable {
  fileprivate struct State {
    var schedule: ReplaySchedule
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// Counts what was finished: a worker that found nothing to do looks again if this has moved.
    var finishedCount = 0
    var random: SeededGenerator?
    /// Entries of each batch in flight, and of all batches before the first that is not decoded.
    var entryCounts: [Int: Int] = [:]
    var countedBatches = 0
    var entryCount: UInt64 = 0
    /// The damage of the first damaged batch found so far.
    var damage: (batch: Int, error: LogError)?
    /// Whether its ordinal counts from the log's first entry already.
    var isDamagePlaced = false
    var abortion: PipelineError?
    var batchCount = 0
    /// Whether the replay stops before the log's end: damage behind that is none.
    var isStopped = false
  }

  private let state: LockedState<State>

  init(_ configuration: ParallelConfiguration) {
    let schedule = ReplaySchedule(
      blockWindow: configuration.batchWindow, batchWindow: configuration.batchWindow,
      groupCount: configuration.groupCount)
    state = LockedState(
      State(schedule: schedule, random: configuration.disturbance.map { SeededGenerator(seed: $0.seed) }))
  }

  /// The number of the next batch: only splitting, of which there is one at a time, changes it.
  var batchCount: Int { state.withLock { $0.batchCount } }

  /// Why the run has no result; nil if it has one.
  var failure: PipelineError? {
    state.withLock { state in
      if let abortion = state.abortion { return abortion }
      return state.damage.map { .log($0.error) }
    }
  }

  /// The next job; nil when all is done.
  func next() async -> ReplayJob? {
    while true {
      let (action, seen) = state.withLock { ($0.nextAction(), $0.finishedCount) }
      switch action {
      case .run(let job): return job
      case .done: return nil
      case .wait: await change(since: seen)
      }
    }
  }

  private func change(since seen: Int) async {
    await withCheckedContinuation { continuation in
      let hasChanged = state.withLock { state in
        guard state.finishedCount == seen else { return true }
        state.waiting.append(continuation)
        return false
      }
      if hasChanged { continuation.resume() }
    }
  }

  func finish(_ outcome: JobOutcome) {
    let waiting = state.withLock { state in
      state.finish(outcome)
      state.finishedCount += 1
      defer { state.waiting.removeAll() }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

extension ScheduleMonitor.State {
  fileprivate mutating func nextAction() -> ReplaySchedule.Action {
    var random = self.random
    defer { self.random = random }
    return schedule.next { count in random?.index(below: count) ?? 0 }
  }

  fileprivate mutating func finish(_ outcome: JobOutcome) {
    switch outcome {
    case .read(let isCompressed, let isLast): schedule.didRead(isCompressed: isCompressed, isLast: isLast)
    case .decompressed(let block): schedule.didDecompress(block: block)
    case .split(let hasBatch, let isBlockTaken, let isLast):
      schedule.didSplit(hasBatch: hasBatch, isBlockTaken: isBlockTaken, isLast: isLast)
      if hasBatch { batchCount += 1 }
    case .decoded(let batch, let entryCount, let hasContext, let damage):
      schedule.didDecode(batch: batch, hasContext: hasContext)
      didDecode(batch, entryCount, damage)
    case .planned(let batch, let stops):
      schedule.didPlan(batch: batch, stops: stops)
      guard stops else { return }
      isStopped = true
      damage = nil
    case .derived(let batch): schedule.didDerive(batch: batch)
    case .settled(let batch): schedule.didSettle(batch: batch)
    case .applied(let group, let batches): schedule.didApply(group: group, batches: batches)
    case .merged(let batch): schedule.didMerge(batch: batch)
    case .appended: schedule.didAppend()
    case .committed(let group): schedule.didCommit(group: group)
    case .aborted(let error):
      abortion = abortion ?? error
      schedule.abort()
    }
  }

  /// Keeps the damage of the first damaged batch; its ordinal is complete once all batches before it are counted, which is
  /// when the schedule ends.
  private mutating func didDecode(_ batch: Int, _ count: Int, _ error: LogError?) {
    if let error, !isStopped {
      if batch < damage?.batch ?? .max { damage = (batch, error) }
      schedule.didFail(batch: batch)
    }
    entryCounts[batch] = count
    while let count = entryCounts[countedBatches], countedBatches < damage?.batch ?? .max {
      entryCounts[countedBatches] = nil
      entryCount += UInt64(count)
      countedBatches += 1
    }
    guard let (batch, error) = damage, countedBatches == batch, !isDamagePlaced else { return }
    isDamagePlaced = true
    damage = (batch, error.behind(entryCount))
  }
}

extension LogError {
  /// The error with its ordinal counted from the log's first entry.
  fileprivate func behind(_ entryCount: UInt64) -> LogError {
    var error = self
    error.ordinal = ordinal.map { $0 + entryCount }
    return error
  }
}
