internal import ReplayEvidence
internal import ReplayServing

/// How a run goes, from its begin to its end.
struct WatchedRun: Sendable {
  /// A minute of looks twice a second.
  private static let ratesMax = 120

  let start: ServedProgress.Start
  let workers: Int
  private(set) var progress = RunProgress()
  /// Entries a second of the last looks.
  private var rates: [UInt64] = []
  /// Entries of all readings, and when that was.
  private var lastLook: (entries: UInt64, at: Duration) = (0, .zero)
  /// Nil while the run is going.
  private var end: End?

  private enum End { case complete, stopped }

  init(at time: TimeOfDay, workers: Int) {
    start = ServedProgress.Start(iso8601: time.iso8601, unixSeconds: time.unixSeconds)
    self.workers = workers
  }

  mutating func plan(_ steps: [PlannedStep]) { progress.plan(steps) }

  mutating func note(_ news: Progress, at elapsed: Duration) { progress.note(news, at: elapsed) }

  /// Has a look at the rate.
  mutating func look(at elapsed: Duration) {
    progress.pass(to: elapsed)
    let entries = progress.entries + progress.finishedSteps.reduce(0) { $0 + $1.entries }
    rates.append((elapsed - lastLook.at).perSecond(entries - min(entries, lastLook.entries)))
    if rates.count > WatchedRun.ratesMax { rates.removeFirst() }
    lastLook = (entries, elapsed)
  }

  /// - Parameter isComplete: whether the run came to a result.
  mutating func end(at elapsed: Duration, isComplete: Bool) {
    look(at: elapsed)
    if isComplete { progress.end(at: elapsed) }
    end = isComplete ? .complete : .stopped
  }

  /// What pages show of it.
  ///
  /// - Parameter elapsed: until now.
  func served(at elapsed: Duration) -> ServedProgress {
    var now = progress
    if end == nil { now.pass(to: elapsed) }
    var served = ServedProgress(start: start)
    served.elapsed = now.elapsed
    served.steps = steps(now)
    served.fractionMillionths = now.fractionMillionths
    served.rates = rates
    served.workers = workers
    guard end == nil else {
      served.entries = served.steps.map(\.entries).max() ?? 0
      served.bytesRead = served.steps.map(\.bytesRead).max() ?? 0
      return served
    }
    served.step = now.step?.rawValue
    served.entries = now.entries
    served.bytesRead = now.bytesRead
    served.storedBytes = now.storedBytes
    served.remaining = now.remaining
    served.entriesPerSecond = now.entries > 0 ? now.entriesPerSecond : nil
    served.bytesPerSecond = now.bytesRead > 0 ? now.bytesPerSecond : nil
    return served
  }

  /// Those that have ended, the one that is going, and those that were planned behind it; a row for a step that came twice.
  private func steps(_ progress: RunProgress) -> [ServedProgress.Step] {
    var steps: [ServedProgress.Step] = []
    for step in progress.finishedSteps {
      WatchedRun.add(
        ServedProgress.Step(
          name: step.step.rawValue, state: .done, elapsed: step.elapsed, entries: step.entries,
          bytesRead: step.bytesRead), to: &steps)
    }
    guard end != .complete, let current = progress.step else { return steps }
    let passed = steps.reduce(Duration.zero) { $0 + $1.elapsed }
    WatchedRun.add(
      ServedProgress.Step(
        name: current.rawValue, state: end == nil ? .running : .stopped, elapsed: progress.elapsed - passed,
        entries: progress.entries, bytesRead: progress.bytesRead), to: &steps)
    let ahead = progress.plan.map(\.step.rawValue).filter { name in !steps.contains { $0.name == name } }
    return steps
      + ahead.map {
        ServedProgress.Step(name: $0, state: end == nil ? .waiting : .skipped, elapsed: .zero, entries: 0, bytesRead: 0)
      }
  }

  private static func add(_ step: ServedProgress.Step, to steps: inout [ServedProgress.Step]) {
    guard let index = steps.firstIndex(where: { $0.name == step.name }) else { return steps.append(step) }
    steps[index] = ServedProgress.Step(
      name: step.name, state: step.state, elapsed: steps[index].elapsed + step.elapsed,
      entries: steps[index].entries + step.entries, bytesRead: steps[index].bytesRead + step.bytesRead)
  }
}
