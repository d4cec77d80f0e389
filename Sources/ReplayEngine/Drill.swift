internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import StateCommitment
internal import StorageProtocol
internal import SystemFiles

/// The verb `drill`: the runbook's five steps in one process.
///
/// The log is replayed by the parallel engine and, unless the options say otherwise, by the sequential one: both must agree in
/// every field.
public struct Drill: Sendable {
  private let options: ReplayOptions
  private let evidenceFile: EvidenceFile
  private let services: Services

  /// - Parameters:
  ///   - folder: where evidence goes; created where it is missing.
  ///   - replaces: whether evidence of the same day may be replaced.
  public init(_ options: ReplayOptions, folder: String, replaces: Bool, services: Services) {
    self.options = options
    evidenceFile = EvidenceFile(folder: TargetFolder(path: folder), replaces: replaces)
    self.services = services
  }

  /// What the steps before `evidence` found.
  fileprivate enum Finding {
    case replayed(ReplayRun, Comparisons.Counterparts)
    case damaged(LogError, sha256: Digest, bytes: UInt64)
  }

  /// Runs the five steps. A damaged log leaves evidence too.
  ///
  /// - Throws: `.precondition`; `.log` for a log that cannot be read; `.logChanged`.
  public func run() async throws(ReplayFailure) -> Report {
    let started = services.now()
    var clock = StepClock()
    let (options, damage) = try fittedOptions()
    let golden = try clock.measure(.prepare, services) { () throws(ReplayFailure) in try prepare(options, at: started) }
    if let damage { return finish(damage, options, clock, started: started) }
    let (finding, measured) = try await options.withRereadableLog(services) { [clock] (options) throws(ReplayFailure) in
      var clock = clock
      return (try await find(options, golden, &clock), clock)
    }
    return finish(finding, options, measured, started: started)
  }

  /// The options with what an archive's manifest decides; where the manifest is damaged, that.
  private func fittedOptions() throws(ReplayFailure) -> (ReplayOptions, damage: Finding?) {
    do throws(ReplayFailure) {
      return (try options.fitted(services), nil)
    } catch {
      guard case .log(let failure) = error, failure.error.isDamage else { throw error }
      return (options, try options.damaged(failure.error, services))
    }
  }

  /// Step 1: a fresh engine commits to the empty state, a golden trace fits, and evidence can be written.
  private func prepare(_ options: ReplayOptions, at time: TimeOfDay) throws(ReplayFailure) -> GoldenComparison? {
    let fresh = GoldenEngine(options.configuration).result
    precondition(fresh.roots == .empty, "a fresh engine commits to the empty state")
    let golden = try options.goldenComparison(services)
    try evidenceFile.prepare(at: time, log: options.source)
    return golden
  }

  private func find(
    _ options: ReplayOptions, _ golden: GoldenComparison?, _ clock: inout StepClock
  ) async throws(ReplayFailure) -> Finding {
    do throws(ReplayFailure) {
      return try await replay(options, golden, &clock)
    } catch {
      guard case .log(let failure) = error, failure.error.isDamage else { throw error }
      return try options.damaged(failure.error, services)
    }
  }

  /// Steps 2 to 4: the log is complete, is replayed, and is compared.
  private func replay(
    _ options: ReplayOptions, _ golden: GoldenComparison?, _ clock: inout StepClock
  ) async throws(ReplayFailure) -> Finding {
    let extent = try clock.measure(.load, services) { () throws(ReplayFailure) in
      try options.scanned(services)
    }
    let run = try await clock.measure(.replay, services) { () async throws(ReplayFailure) in
      try await options.replayed(services, comparing: golden, hashesFile: true)
    }
    guard extent == run.extent else { throw .logChanged }
    let counterparts = try clock.measure(.verify, services) { () throws(ReplayFailure) in
      var counterparts = Comparisons.Counterparts()
      counterparts.golden = golden?.finding(run.result)
      if options.verification.crossChecks {
        counterparts.sequential = try options.crossCheck(services, of: extent)
      }
      return counterparts
    }
    return .replayed(run, counterparts)
  }

  /// Step 5: evidence, whatever was found.
  private func finish(
    _ finding: Finding, _ options: ReplayOptions, _ clock: StepClock, started: TimeOfDay
  ) -> Report {
    var clock = clock
    let ended = services.now()
    let facts =
      switch finding {
      case .replayed(let run, _): clock.facts(of: run)
      case .damaged: clock.facts
      }
    let outcome = DrillOutcome(finding.evidence(options), logName: options.source.name, facts: facts)
    let evidence = outcome.evidence.json(
      timestamp: ended.iso8601, run: outcome.runJSON(started: started, ended: ended))
    do {
      let path = try clock.measure(.evidence, services) { () throws(FileError) in
        try evidenceFile.write(JSONFormat.indented.encode(evidence) + [UInt8(ascii: "\n")], at: ended)
      }
      return outcome.report(evidencePath: path, failure: nil)
    } catch {
      return outcome.report(evidencePath: nil, failure: error)
    }
  }
}

extension Drill.Finding {
  fileprivate func evidence(_ options: ReplayOptions) -> EvidenceDocument {
    switch self {
    case .replayed(let run, let counterparts):
      return options.evidence(run, counterparts)
    case .damaged(let error, let sha256, let bytes):
      return EvidenceDocument(
        finding: .damaged(error.json), archive: .init(sha256: sha256, bytes: bytes, entries: nil),
        options: options.evidenceOptions, isSigned: false)
    }
  }
}

extension ReplayOptions {
  /// The damage, and the identity of the file it was found in.
  fileprivate func damaged(_ error: LogError, _ services: Services) throws(ReplayFailure) -> Drill.Finding {
    let identity = try ReplayFailure.reading { () throws(LogError) in
      try LogReader.storedIdentity(of: source, options: reading(services, step: .load))
    }
    return .damaged(error, sha256: identity.sha256, bytes: identity.bytes)
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
