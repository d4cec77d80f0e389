internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import ReplayMetrics
internal import Signing
internal import StateCommitment
internal import StorageProtocol
internal import SystemFiles

/// What a drill is told about its evidence.
public struct DrillArguments: Sendable {
  /// Where evidence goes; created where it is missing.
  public var folder: String
  /// Whether evidence of the same day may be replaced.
  public var replaces = false
  /// Path of the private key that signs; nil for evidence that is not signed.
  public var signingKey: String?
  /// Whose log it is, in the signed checkpoint; nil for the name that follows from the log's first event.
  public var origin: String?
  /// Path of the evidence that this one follows; nil for the newest in the folder.
  public var previous: String?
  /// Path of the page of metrics that the drill replaces; nil for none.
  public var metricsFile: String?
  /// The name of the drill in metrics.
  public var target = DrillArguments.usualTarget

  /// The name of a drill that nobody named.
  public static let usualTarget = "storage"

  public init(folder: String) { self.folder = folder }
}

/// The verb `drill`: the runbook's five steps in one process.
///
/// The log is replayed by the parallel engine and, unless the options say otherwise, by the sequential one: both must agree in
/// every field.
public struct Drill: Sendable {
  private let options: ReplayOptions
  private let arguments: DrillArguments
  private let evidenceFile: EvidenceFile
  private let services: Services

  public init(_ options: ReplayOptions, _ arguments: DrillArguments, services: Services) {
    self.options = options
    self.arguments = arguments
    evidenceFile = EvidenceFile(folder: TargetFolder(path: arguments.folder), replaces: arguments.replaces)
    self.services = services
  }

  /// What belongs to the evidence and was known before any work.
  private struct Circumstances {
    let started: TimeOfDay
    let key: SigningKey?
    /// Nil where there is no key, or one that signs no notes.
    let checkpointSigner: CheckpointSigner?
    let previous: EvidenceDocument.Previous?
  }

  /// Runs the five steps. A damaged log leaves evidence too, and every run metrics, but one that is interrupted or misused: what
  /// was known of the target stays as it was then.
  ///
  /// - Throws: `.precondition`; `.log` for a log that cannot be read; `.logChanged`; `.output` for a state that cannot be written.
  public func run() async throws(ReplayFailure) -> Report {
    guard let metrics = try MetricsFile(arguments.metricsFile, label: arguments.target, log: options.source) else {
      return try await drilled().report
    }
    try checkOutputs(options, metrics)
    let clock = ContinuousClock()
    let start = clock.now
    var run = metrics.run(options)
    do throws(ReplayFailure) {
      let drilled = try await drilled()
      run.add(drilled)
      return metrics.write(&run, drilled.report, at: services.now(), after: clock.now - start)
    } catch {
      throw metrics.write(&run, error, services, after: clock.now - start)
    }
  }

  /// A drill that came to an end.
  struct Drilled {
    let report: Report
    let finding: DrillFinding
    let evidence: EvidenceDocument
    let facts: RunFacts
  }

  private func drilled() async throws(ReplayFailure) -> Drilled {
    try checkOutputs(self.options, nil)
    let circumstances = try circumstances()
    var clock = StepClock()
    services.onPlan(self.options.drillSteps)
    let (options, damage) = try options.accepting(at: circumstances.started).fittedOrDamaged(services)
    let golden = try clock.measure(.prepare, services) { () throws(ReplayFailure) in
      try prepare(options, at: circumstances.started)
    }
    if let damage { return finish(try options.damaged(damage, golden, services), options, clock, circumstances) }
    let state = try options.stateOutput()
    let (finding, measured) = try await options.withRereadableLog(services) { [clock] (options) throws(ReplayFailure) in
      var clock = clock
      return (try await options.found(golden, services, &clock, state: state), clock)
    }
    // Of a damaged log there is no state.
    if case .replayed = finding { try state?.publish() }
    return finish(finding, options, measured, circumstances)
  }

  /// Checks that state and metrics replace nothing that the drill reads or writes.
  private func checkOutputs(_ options: ReplayOptions, _ metrics: MetricsFile?) throws(ReplayFailure) {
    let targets = [options.stateTarget, metrics?.file].compactMap(\.self)
    try OutputConflict.check(
      outputs: targets.map(\.path),
      inputs: [options.verification.goldenPath, options.acceptPath, arguments.signingKey, arguments.previous])
    for target in targets
    where target.folder.isSameFolder(as: evidenceFile.folder) && target.name.hasPrefix(EvidenceFile.prefix) {
      throw .precondition(PreconditionFailure(description: "\(target.path) has the name of evidence: choose another"))
    }
  }

  /// The key and the evidence before: what does not fit is found before any work.
  private func circumstances() throws(ReplayFailure) -> Circumstances {
    let started = services.now()
    let key = try arguments.signingKey.map { (path) throws(ReplayFailure) in try KeyFile.signingKey(path) }
    let checkpointSigner = try checkpointSigner(key)
    let path = if let path = arguments.previous { path } else { try evidenceFile.newest(at: started) as String? }
    let previous = try path.map { (path) throws(ReplayFailure) in try EvidenceInput.previous(path) }
    return Circumstances(started: started, key: key, checkpointSigner: checkpointSigner, previous: previous)
  }

  private func checkpointSigner(_ key: SigningKey?) throws(ReplayFailure) -> CheckpointSigner? {
    guard let key else {
      guard arguments.origin == nil else {
        throw ReplayOptions.usage("--origin is for the checkpoint that --sign signs")
      }
      return nil
    }
    // A P-256 key signs evidence, and no notes: asked for by name, they cannot be made.
    guard key.algorithm == .ed25519 || arguments.origin != nil else { return nil }
    return try CheckpointSigner(origin: arguments.origin, key: key)
  }

  /// Step 1: a fresh engine commits to the empty state, a golden trace fits, and evidence can be written.
  private func prepare(_ options: ReplayOptions, at time: TimeOfDay) throws(ReplayFailure) -> GoldenComparison? {
    let fresh = GoldenEngine(options.configuration).result
    precondition(fresh.roots == .empty, "a fresh engine commits to the empty state")
    let golden = try options.goldenComparison(services)
    try evidenceFile.prepare(at: time, log: options.source)
    return golden
  }

  /// Step 5: evidence, whatever was found.
  private func finish(
    _ finding: DrillFinding, _ options: ReplayOptions, _ clock: StepClock, _ circumstances: Circumstances
  ) -> Drilled {
    var clock = clock
    let ended = services.now()
    let facts = clock.facts(of: finding)
    var evidence = finding.evidence(options)
    evidence.signer = circumstances.key?.signer
    evidence.previous = circumstances.previous
    let checkpoint = circumstances.key.map { _ in
      DrillCheckpoint(finding, evidence.verdict, circumstances.checkpointSigner)
    }
    let outcome = DrillOutcome(
      evidence, checkpoint, options, facts: facts)
    let document = evidence.json(
      timestamp: ended.iso8601, run: outcome.runJSON(started: circumstances.started, ended: ended))
    let report: Report
    do {
      // What may be replaced was looked at when the run started, be it another day now.
      let time = arguments.replaces ? circumstances.started : ended
      let paths = try clock.measure(.evidence, services) { () throws(FileError) in
        try evidenceFile.write(texts(document, checkpoint, circumstances.key), at: time)
      }
      report = outcome.report(paths, failure: nil)
    } catch {
      report = outcome.report(nil, failure: error)
    }
    return Drilled(report: report, finding: finding, evidence: evidence, facts: outcome.facts(with: clock))
  }

  private func texts(
    _ document: JSONObject, _ checkpoint: DrillCheckpoint?, _ key: SigningKey?
  ) -> EvidenceFile.Texts {
    let text = JSONFormat.indented.encode(.object(document)) + [UInt8(ascii: "\n")]
    var texts = EvidenceFile.Texts(evidence: text)
    texts.envelope = key?.envelope(around: document)
    texts.checkpoint = checkpoint?.note
    return texts
  }
}
