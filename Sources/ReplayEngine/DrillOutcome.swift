internal import LogReading
internal import ReplayEvidence
internal import StorageProtocol
internal import SystemFiles

/// What a drill reports, once everything but the evidence file is settled.
struct DrillOutcome {
  let evidence: EvidenceDocument
  /// Nil where nothing is signed.
  private let checkpoint: DrillCheckpoint?
  private let options: ReplayOptions
  private let facts: RunFacts

  init(
    _ evidence: EvidenceDocument, _ checkpoint: DrillCheckpoint?, _ options: ReplayOptions, facts: RunFacts
  ) {
    self.evidence = evidence
    self.checkpoint = checkpoint
    self.options = options
    self.facts = facts
  }

  private var entryCount: UInt64 {
    if case .replayed(let document) = evidence.finding { document.result.entries.total } else { 0 }
  }

  /// The facts of the run, with the step that wrote the evidence.
  func facts(with clock: StepClock) -> RunFacts {
    var facts = facts
    facts.steps = clock.facts.steps
    return facts
  }

  /// The `run` part of the evidence.
  func runJSON(started: TimeOfDay, ended: TimeOfDay) -> JSONObject {
    let machine = Machine.name
    var run = facts.json(entryCount: entryCount)
    let about: KeyValuePairs<String, JSONValue> = [
      "log": .text(options.source.name), "golden": options.verification.goldenPath.map(JSONValue.text) ?? .null,
      "started": .text(started.iso8601),
      "ended": .text(ended.iso8601),
      "host": .text(machine.host),
      "system": .text(machine.system),
      "tool": .members(["name": .text(Program.name), "version": .text(Program.version)]),
    ]
    for (name, value) in about { run.add(name, value) }
    return run
  }

  /// The report, with the exit status that wins.
  ///
  /// - Parameter paths: nil where nothing was written.
  func report(_ paths: EvidenceFile.Paths?, failure: FileError?) -> Report {
    let evidenceStatus: ExitStatus = failure == nil ? .done : .evidenceFailed
    let unwritten = failure.map { ["the evidence could not be written: \($0)"] } ?? []
    switch evidence.finding {
    case .replayed(let document):
      let status = ExitStatus.winner([status(of: document.verdict), evidenceStatus])
      var json = document.json(run: facts, digest: evidence.resultDigest)
      if let snapshot = evidence.snapshot { json.add("snapshot", snapshot.json) }
      let state = (evidence.snapshot?.name).map { [ResultText.row("state", $0)] } ?? []
      return Report(
        status: status, json: with(paths, .object(json)),
        text: ResultText(document: document, run: facts).lines + [""] + state + rows(paths), problems: unwritten,
        next: next(document, status), stages: facts.stageTimes)
    case .damaged(let damage, _):
      let message = damage.objectValue?["message"]?.stringBytes ?? []
      return Report(
        status: .winner([.damaged, evidenceStatus]),
        json: with(
          paths,
          .members([
            "schema": .text("eqm-replay/result/1"), "verdict": .text(evidence.verdict.rawValue), "damage": damage,
            "run": .object(facts.json(entryCount: 0)),
          ])),
        text: ["verdict        FAILED (nothing was applied)"] + rows(paths),
        problems: [String(decoding: message, as: UTF8.self)] + unwritten,
        next: "\(Program.name) check \(TypedReplay(options).log)")
    }
  }

  private func next(_ document: ResultDocument, _ status: ExitStatus) -> String? {
    guard status != .evidenceFailed else { return Report.nextOfUnwritten }
    return ResultNextStep(document, options).sentence
  }

  /// A drill that compared nothing is degraded.
  private func status(of verdict: Verdict) -> ExitStatus {
    verdict == .notCompared ? .degraded : ExitStatus(of: verdict)
  }

  private func rows(_ paths: EvidenceFile.Paths?) -> [String] {
    guard let paths else { return [ResultText.row("evidence", "NOT WRITTEN")] }
    let evidence = [ResultText.row("evidence", paths.evidence)]
    guard let envelope = paths.envelope, let sums = paths.sums else { return evidence }
    return evidence + [
      ResultText.row("signed", envelope),
      ResultText.row("checkpoint", paths.checkpoint ?? "none: \(checkpoint?.absence ?? "")"),
      ResultText.row("sums", sums),
    ] + (checkpoint?.verifierKey.map { [ResultText.row("verifier key", $0)] } ?? [])
  }

  private func with(_ paths: EvidenceFile.Paths?, _ document: JSONValue) -> JSONValue {
    guard case .object(var object) = document else { preconditionFailure("a result document is an object") }
    let files = [
      ("evidence", paths?.evidence), ("evidence_envelope", paths?.envelope),
      ("evidence_checkpoint", paths?.checkpoint), ("evidence_sums", paths?.sums),
    ]
    for (name, path) in files { object.add(name, path.map(JSONValue.text) ?? .null) }
    object.add("no_checkpoint", checkpoint?.absence.map(JSONValue.text) ?? .null)
    object.add("checkpoint_verifier_key", checkpoint?.verifierKey.map(JSONValue.text) ?? .null)
    return .object(object)
  }
}
