internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import StateCommitment
internal import StorageProtocol
internal import SystemFiles

/// The verb `drill`: the runbook's five steps in one process.
///
/// Until there is a parallel engine to cross-check, the log is replayed twice by the golden engine. That shows that a
/// replay repeats; it is no comparison, and the report does not call it one.
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
    case replayed(ReplayResult, LogExtent)
    case damaged(LogError, sha256: Digest, bytes: UInt64)
  }

  /// Runs the five steps. A damaged log leaves evidence too.
  ///
  /// - Throws: `.precondition`; `.log` for a log that cannot be read; `.logChanged`, `.repeatDiffers`.
  public func run() throws(ReplayFailure) -> Report {
    let started = services.now()
    var clock = StepClock()
    try clock.measure(.prepare, services) { () throws(ReplayFailure) in try prepare(at: started) }
    let finding = try options.withRereadableLog(services) { (options) throws(ReplayFailure) in
      try find(options, &clock)
    }
    return finish(finding, clock, started: started)
  }

  /// Step 1: a fresh engine commits to the empty state, and evidence can be written.
  private func prepare(at time: TimeOfDay) throws(ReplayFailure) {
    let fresh = GoldenEngine(options.configuration).result
    precondition(fresh.roots == .empty, "a fresh engine commits to the empty state")
    try evidenceFile.prepare(at: time, log: options.source)
  }

  private func find(_ options: ReplayOptions, _ clock: inout StepClock) throws(ReplayFailure) -> Finding {
    do throws(ReplayFailure) {
      return try replayTwice(options, &clock)
    } catch {
      guard case .log(let failure) = error, failure.error.isDamage else { throw error }
      return try options.damaged(failure.error, services)
    }
  }

  /// Steps 2 to 4: the log is complete, is replayed, and is replayed again.
  private func replayTwice(
    _ options: ReplayOptions, _ clock: inout StepClock
  ) throws(ReplayFailure) -> Finding {
    let extent = try clock.measure(.load, services) { () throws(ReplayFailure) in
      try options.scanned(services)
    }
    let first = try clock.measure(.replay, services) { () throws(ReplayFailure) in
      try options.replayed(services, step: .replay)
    }
    let second = try clock.measure(.verify, services) { () throws(ReplayFailure) in
      try options.replayed(services, step: .verify)
    }
    guard extent == first.extent, extent == second.extent else { throw .logChanged }
    guard first.result == second.result else { throw .repeatDiffers }
    return .replayed(first.result, extent)
  }

  /// Step 5: evidence, whatever was found.
  private func finish(_ finding: Finding, _ clock: StepClock, started: TimeOfDay) -> Report {
    var clock = clock
    var facts = clock.facts
    let ended = services.now()
    if case .replayed = finding { facts.repeatEqual = true }
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
    let evidenceOptions = EvidenceDocument.Options(
      constants: options.configuration.constants, profile: options.configuration.profile,
      contentBytesMax: options.configuration.contentBytesMax, threshold: options.threshold)
    switch self {
    case .replayed(let result, let extent):
      let document = ResultDocument(result, expectations: options.expectations)
      return EvidenceDocument(
        finding: .replayed(document),
        archive: .init(sha256: extent.sha256, bytes: extent.storedBytes, entries: extent.entries),
        options: evidenceOptions, isSigned: false)
    case .damaged(let error, let sha256, let bytes):
      return EvidenceDocument(
        finding: .damaged(error.json), archive: .init(sha256: sha256, bytes: bytes, entries: nil),
        options: evidenceOptions, isSigned: false)
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
