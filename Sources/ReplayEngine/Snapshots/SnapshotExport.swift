internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import StateSnapshot
internal import StorageProtocol
internal import SystemFiles

/// `export --to sqlite`: what a log gives, or the rows of a snapshot written by the SQLite at hand.
struct SnapshotExport {
  let options: ReplayOptions
  let target: TargetFile
  let services: Services

  /// - Throws: `.precondition`, `.log`, `.snapshot`, `.input`, `.output`; no file is left then.
  func run() async throws(ReplayFailure) -> Report {
    try ReplayFailure.checking { () throws(TargetFault) in try target.check(log: options.source.path) }
    if let path = SnapshotInput.path(of: options.source) { return try rewrite(SnapshotInput.verified(path)) }
    services.onPlan(options.exportingSteps)
    return try await options.fitted(services).withRereadableLog(services) { (options) throws(ReplayFailure) in
      try options.checkRoom(in: target.folder, services)
      var clock = StepClock()
      let state = try StateOutput(target)
      let run = try await clock.measure(.replay, services) { () async throws(ReplayFailure) in
        try await options.replayed(services, comparing: nil, state: state)
      }
      try state.publish()
      return options.report(run, .init(), clock, state: target.path)
    }
  }

  private func rewrite(_ snapshot: VerifiedSnapshot) throws(ReplayFailure) -> Report {
    let state = try StateOutput(target)
    let written = try state.finish(snapshot)
    try state.publish()
    var json = snapshot.json(schema: Export.schema)
    json.add("output", .text(target.path))
    json.add("snapshot", written.json(path: target.path))
    return Report(status: .done, json: .object(json), text: snapshot.lines + written.lines(path: target.path))
  }
}
