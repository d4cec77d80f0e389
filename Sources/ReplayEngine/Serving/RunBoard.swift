internal import ReplayMetrics
internal import ReplayServing
internal import Synchronization

/// What the pages of a server are made of: runs write on it, the server's thread reads it.
///
/// A run only says how far it is; nothing that is read here comes back to it.
final class RunBoard: RunsServed {
  /// A run that is served.
  struct Subject: Sendable {
    /// Its name in metrics.
    let target: String
    /// The log as it was named.
    let log: String
  }

  private enum State {
    case waiting
    case running(WatchedRun, since: ContinuousClock.Instant)
    case ended(ServedEnd, ServedProgress)
  }

  private let subjects: [Subject]
  private let clock = ContinuousClock()
  /// In the order of the subjects; at most one is running.
  private let states: Mutex<[State]>

  init(_ subjects: [Subject]) {
    self.subjects = subjects
    states = Mutex(subjects.map { _ in .waiting })
  }

  /// Services that tell the board besides.
  ///
  /// - Parameters:
  ///   - number: of the run that is made with them.
  ///   - services: told as before.
  func watching(_ number: Int, _ services: Services) -> Services {
    var watching = services
    watching.onPlan = { steps in
      self.change(number) { (run, _) in run.plan(steps) }
      services.onPlan(steps)
    }
    watching.onProgress = { progress in
      self.change(number) { (run, elapsed) in run.note(progress, at: elapsed) }
      services.onProgress(progress)
    }
    return watching
  }

  func begin(_ number: Int, at time: TimeOfDay, workers: Int) {
    states.withLock { $0[number] = .running(WatchedRun(at: time, workers: workers), since: clock.now) }
  }

  /// - Parameter isComplete: whether the run came to a result.
  func end(_ number: Int, _ end: ServedEnd, isComplete: Bool) {
    states.withLock { states in
      guard case .running(var run, let since) = states[number] else { preconditionFailure("the run was going") }
      let elapsed = clock.now - since
      run.end(at: elapsed, isComplete: isComplete)
      states[number] = .ended(end, run.served(at: elapsed))
    }
  }

  /// The clock is read by whoever has the states: nobody is overtaken by one with a later time.
  private func change(_ number: Int, _ body: (inout WatchedRun, Duration) -> Void) {
    states.withLock { states in
      guard case .running(var run, let since) = states[number] else { return }
      // The board's own is not copied.
      states[number] = .waiting
      body(&run, clock.now - since)
      states[number] = .running(run, since: since)
    }
  }

  // MARK: What is served

  func tick() {
    for number in subjects.indices { change(number) { (run, elapsed) in run.look(at: elapsed) } }
  }

  var runs: ServedRuns {
    let phases: [ServedRun.Phase] = states.withLock { states in
      let now = clock.now
      return states.map { state in
        switch state {
        case .waiting: .waiting
        case .running(let run, let since): .running(run.served(at: now - since))
        case .ended(let end, let progress): .ended(end, progress)
        }
      }
    }
    return ServedRuns(
      zip(subjects, phases).map { ServedRun(target: $0.target, log: $0.log, phase: $1) },
      build: Program.buildInformation)
  }
}
