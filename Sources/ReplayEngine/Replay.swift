internal import EpochMerge
internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StorageProtocol
internal import SystemFiles

/// The verb `replay`: replays a log and says what came of it.
public struct Replay: Sendable {
  private let options: ReplayOptions
  private let services: Services

  public init(_ options: ReplayOptions, services: Services) {
    self.options = options
    self.services = services
  }

  /// Replays by the engine that the options name, and compares as they ask.
  ///
  /// - Throws: `.precondition` for a target, an accept list, a golden trace or a resume point that does not fit; `.log`;
  ///   `.logChanged`; `.output`. No file of rejects is left then.
  public func run() async throws(ReplayFailure) -> Report {
    try options.checkFindingsTarget()
    let options = try options.accepting(at: services.now()).fitted(services)
    let golden = try options.goldenComparison(services)
    try OutputConflict.check(
      outputs: [options.stateTarget?.path, options.findingsTarget?.path],
      inputs: [options.verification.goldenPath, options.acceptPath])
    let checkpoints = try options.checkpoints()
    let state = try options.stateOutput()
    let replaying = [PlannedStep(.replay, readings: 1)]
    guard options.verification.crossChecks else {
      services.onPlan(replaying)
      return try await report(options, golden, checkpoints, state)
    }
    services.onPlan(options.copyingSteps + replaying + [PlannedStep(.verify, readings: 1)])
    return try await options.withRereadableLog(services) { (options) throws(ReplayFailure) in
      try await report(options, golden, checkpoints, state)
    }
  }

  private func report(
    _ options: ReplayOptions, _ golden: GoldenComparison?, _ checkpoints: ReplayCheckpoints?, _ state: StateOutput?
  ) async throws(ReplayFailure) -> Report {
    var clock = StepClock()
    let findings = try options.findingsFile()
    let run = try await clock.measure(.replay, services) { () async throws(ReplayFailure) in
      try await options.replayed(
        services, comparing: golden, hashesFile: options.verification.crossChecks, checkpoints: checkpoints,
        state: state, findings: findings)
    }
    var counterparts = Comparisons.Counterparts()
    counterparts.golden = golden?.finding(run.result)
    if options.verification.crossChecks {
      counterparts.sequential = try clock.measure(.verify, services) { () throws(ReplayFailure) in
        try options.crossCheck(services, of: run.extent)
      }
    }
    try findings?.publish()
    try state?.publish()
    checkpoints?.remove()
    let remarks = options.findingsTarget.map { ["", ResultText.row("rejects", $0.path)] } ?? []
    return options.report(run, counterparts, clock, state: state?.target.path, remarks: remarks)
  }
}

extension ReplayOptions {
  /// The size and identity of the log, read from end to end.
  ///
  /// - Throws: `.log`.
  func scanned(_ services: Services) throws(ReplayFailure) -> LogExtent {
    try ReplayFailure.reading { () throws(LogError) in
      try LogReader.scan(source, options: reading(services, step: .load))
    }
  }

  /// What the sequential engine gives for the log that `extent` describes.
  ///
  /// - Throws: `.log`; `.logChanged` where the log is another one by now.
  func crossCheck(_ services: Services, of extent: LogExtent) throws(ReplayFailure) -> ReplayResult {
    let (result, reread) = try ReplayFailure.reading { () throws(LogError) in
      try GoldenReplay.replay(
        source, configuration: configuration, reading: reading(services, step: .verify), until: stop)
    }
    guard stop != .end || extent.isSameLog(as: reread) else { throw .logChanged }
    return result
  }
}

extension ReplayOptions {
  /// What a verb says that replayed a log.
  ///
  /// - Parameters:
  ///   - state: where the snapshot is, if one was published.
  ///   - members: of the JSON document, behind the others.
  ///   - remarks: lines for people, behind the others.
  func report(
    _ run: ReplayRun, _ counterparts: Comparisons.Counterparts, _ clock: StepClock, state: String? = nil,
    members: KeyValuePairs<String, JSONValue> = [:], remarks: [String] = []
  ) -> Report {
    let evidence = evidence(run, counterparts)
    guard case .replayed(let document) = evidence.finding else { preconditionFailure("the log was replayed") }
    var facts = clock.facts(of: run)
    facts.memoryLimitBytes = memoryLimit?.bytes
    var json = document.json(run: facts, digest: evidence.resultDigest)
    var lines = ResultText(document: document, run: facts).lines
    if let state, let snapshot = run.snapshot {
      json.add("snapshot", snapshot.json(path: state))
      lines += snapshot.lines(path: state)
    }
    for (name, value) in members { json.add(name, value) }
    let next = ResultNextStep(document, self, listsFindings: findingsTarget != nil)
    return Report(
      status: ExitStatus(of: document.verdict), json: .object(json), text: lines + remarks, next: next.sentence,
      stages: facts.stageTimes)
  }

  /// The evidence of a replay.
  func evidence(_ run: ReplayRun, _ counterparts: Comparisons.Counterparts) -> EvidenceDocument {
    let document = ResultDocument(
      run.result, completeness(run), expectations: expectations, counterparts: counterparts)
    return EvidenceDocument(
      finding: .replayed(document),
      archive: .init(sha256: run.extent.sha256, bytes: storedBytes(of: run.extent), entries: run.extent.entries),
      options: evidenceOptions)
  }

  /// The size of the log as stored, however far ahead of a stop it was read.
  private func storedBytes(of extent: LogExtent) -> UInt64? {
    extent.declared?.storedBytes ?? (stop == .end ? extent.storedBytes : source.storedBytes)
  }

  /// The options that evidence records.
  var evidenceOptions: EvidenceDocument.Options {
    EvidenceDocument.Options(
      constants: configuration.constants, profile: configuration.profile,
      contentBytesMax: configuration.contentBytesMax, threshold: threshold, expectations: expectations,
      acceptDigest: configuration.accepting?.sha256)
  }
}

extension LogExtent {
  /// Whether two readings found the same log, as far as both looked.
  func isSameLog(as other: LogExtent) -> Bool {
    (sha256 == nil || other.sha256 == nil || sha256 == other.sha256) && storedBytes == other.storedBytes
      && rawBytes == other.rawBytes && entries == other.entries
  }
}

extension ExitStatus {
  /// The status of a verb that was asked for no comparison: FAILED is an unequal one all the same.
  init(of verdict: Verdict) {
    switch verdict {
    case .passed, .notCompared: self = .done
    case .warned: self = .degraded
    case .failed: self = .diverged
    }
  }
}

extension RunFacts {
  /// What the stages of the pipeline took, for the summary.
  var stageTimes: [StageTime] { stages.map { StageTime(name: $0.name, elapsed: $0.elapsed) } }
}
