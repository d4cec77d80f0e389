internal import GoldenRun
internal import LogReading
internal import StateSnapshot
internal import SystemFiles

/// A state that a verb looks at: that of a snapshot, or what the replay of a log gave.
struct SourcedState {
  /// Every row was read, and gave the roots.
  let snapshot: VerifiedSnapshot
  /// Nil where the source is a snapshot.
  let replay: Replayed?

  /// The replay of a log.
  struct Replayed {
    let options: ReplayOptions
    let run: ReplayRun
    let clock: StepClock
  }
}

extension ReplayOptions {
  /// The steps of a log that becomes a state, for progress: its entries are counted before anything is written.
  var exportingSteps: [PlannedStep] {
    copyingSteps + [PlannedStep(.load, readings: 1), PlannedStep(.replay, readings: 1)]
  }

  /// Runs `body` with the state of the source.
  ///
  /// - Parameter folder: for the snapshot that a log becomes meanwhile.
  /// - Throws: `.precondition`, `.log`, `.snapshot`, `.input`, `.output`; what `body` throws.
  func withState<Value>(
    in folder: TargetFolder, _ services: Services, _ body: (SourcedState) throws(ReplayFailure) -> Value
  ) async throws(ReplayFailure) -> Value {
    if let path = SnapshotInput.path(of: source) {
      return try body(SourcedState(snapshot: SnapshotInput.verified(path), replay: nil))
    }
    services.onPlan(exportingSteps)
    return try await fitted(services).withRereadableLog(services) { (options) throws(ReplayFailure) in
      try options.checkRoom(in: folder, services)
      var clock = StepClock()
      let state = try StateOutput(TargetFile(path: "\(folder.path)/state", replaces: false))
      defer { withExtendedLifetime(state) {} }
      let run = try await clock.measure(.replay, services) { () async throws(ReplayFailure) in
        try await options.replayed(services, comparing: nil, state: state)
      }
      return try body(
        SourcedState(
          snapshot: SnapshotInput.verified(state.path),
          replay: SourcedState.Replayed(options: options, run: run, clock: clock)))
    }
  }

  /// Checks that a folder has room for what the entries of the log will give.
  ///
  /// - Throws: `.precondition`, `.log`.
  func checkRoom(in folder: TargetFolder, _ services: Services) throws(ReplayFailure) {
    let statistics = try statistics(services)
    try ReplayFailure.checking { () throws(TargetFault) in
      try folder.check(expectedBytes: statistics.exportBytesEstimate)
    }
  }
}
