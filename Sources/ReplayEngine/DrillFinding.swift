internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import StorageProtocol
internal import SystemFiles

/// What the steps before `evidence` found.
enum DrillFinding {
  case replayed(ReplayRun, Comparisons.Counterparts)
  case damaged(LogError, sha256: Digest, bytes: UInt64, golden: TraceIdentity?)

  /// The evidence, not signed.
  func evidence(_ options: ReplayOptions) -> EvidenceDocument {
    switch self {
    case .replayed(let run, let counterparts):
      var evidence = options.evidence(run, counterparts)
      if let target = options.stateTarget { evidence.snapshot = run.snapshot?.identity(name: target.name) }
      return evidence
    case .damaged(let error, let sha256, let bytes, let golden):
      return EvidenceDocument(
        finding: .damaged(error.json, golden: golden), archive: .init(sha256: sha256, bytes: bytes, entries: nil),
        options: options.evidenceOptions)
    }
  }
}

extension ReplayOptions {
  /// The five steps, for progress.
  var drillSteps: [PlannedStep] {
    [PlannedStep(.prepare, readings: 0)] + findingSteps + [PlannedStep(.evidence, readings: 0)]
  }

  /// Steps 2 to 4, for progress.
  var findingSteps: [PlannedStep] {
    [
      PlannedStep(.load, readings: 1), PlannedStep(.replay, readings: 1),
      PlannedStep(.verify, readings: verification.crossChecks ? 1 : 0),
    ]
  }

  /// Steps 2 to 4: the log is complete, is replayed, and is compared. Damage is a finding.
  ///
  /// - Parameter state: where the state goes besides; not published yet.
  /// - Throws: `.log` for a log that cannot be read; `.logChanged`; `.output`; `.precondition` for a trace that changed meanwhile.
  func found(
    _ golden: GoldenComparison?, _ services: Services, _ clock: inout StepClock, state: StateOutput? = nil
  ) async throws(ReplayFailure) -> DrillFinding {
    do throws(ReplayFailure) {
      return try await foundUndamaged(golden, services, &clock, state)
    } catch {
      guard case .log(let failure) = error, failure.error.isDamage else { throw error }
      return try damaged(failure.error, golden, services)
    }
  }

  private func foundUndamaged(
    _ golden: GoldenComparison?, _ services: Services, _ clock: inout StepClock, _ state: StateOutput?
  ) async throws(ReplayFailure) -> DrillFinding {
    let extent = try clock.measure(.load, services) { () throws(ReplayFailure) in try scanned(services) }
    let run = try await clock.measure(.replay, services) { () async throws(ReplayFailure) in
      try await replayed(
        services, comparing: golden, hashesFile: true, state: state, observation: RunObservation())
    }
    guard extent == run.extent else { throw .logChanged }
    let counterparts = try clock.measure(.verify, services) { () throws(ReplayFailure) in
      var counterparts = Comparisons.Counterparts()
      counterparts.golden = golden?.finding(run.result)
      if verification.crossChecks { counterparts.sequential = try crossCheck(services, of: extent) }
      return counterparts
    }
    return .replayed(run, counterparts)
  }

  /// The options with what an archive's manifest decides; where the manifest is damaged, that.
  func fittedOrDamaged(_ services: Services) throws(ReplayFailure) -> (ReplayOptions, damage: LogError?) {
    do throws(ReplayFailure) {
      return (try fitted(services), nil)
    } catch {
      guard case .log(let failure) = error, failure.error.isDamage else { throw error }
      return (self, failure.error)
    }
  }

  /// The damage, and the identity of the file it was found in.
  func damaged(
    _ error: LogError, _ golden: GoldenComparison?, _ services: Services
  ) throws(ReplayFailure) -> DrillFinding {
    let identity = try storedIdentity(services)
    return .damaged(error, sha256: identity.sha256, bytes: identity.bytes, golden: golden?.identity)
  }

  /// The digest and the size of the log's file; of an archive, its manifest's digest.
  ///
  /// - Throws: `.log`.
  func storedIdentity(_ services: Services) throws(ReplayFailure) -> (sha256: Digest, bytes: UInt64) {
    try ReplayFailure.reading { () throws(LogError) in
      try LogReader.storedIdentity(of: source, options: reading(services, step: .load))
    }
  }
}

extension LogError {
  /// The damage for a report.
  fileprivate var json: JSONValue {
    .members([
      "message": .text(description), "ordinal": ordinal.map(JSONValue.integer) ?? .null,
      "byte_offset": byteOffset.map(JSONValue.integer) ?? .null,
      "file_offset": storedOffset.map(JSONValue.integer) ?? .null,
    ])
  }
}
