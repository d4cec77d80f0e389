internal import ReplayEvidence
internal import StorageProtocol
internal import SystemFiles

/// What a drill reports, once everything but the evidence file is settled.
struct DrillOutcome {
  let evidence: EvidenceDocument
  private let logName: String
  private let facts: RunFacts

  init(_ evidence: EvidenceDocument, logName: String, facts: RunFacts) {
    self.evidence = evidence
    self.logName = logName
    self.facts = facts
  }

  private var entryCount: UInt64 {
    if case .replayed(let document) = evidence.finding { document.result.entries.total } else { 0 }
  }

  /// The `run` part of the evidence.
  func runJSON(started: TimeOfDay, ended: TimeOfDay) -> JSONObject {
    let machine = Machine.name
    var run = facts.json(entryCount: entryCount)
    let about: KeyValuePairs<String, JSONValue> = [
      "log": .text(logName), "started": .text(started.iso8601), "ended": .text(ended.iso8601),
      "host": .text(machine.host),
      "system": .text(machine.system),
      "tool": .members(["name": .text(Program.name), "version": .text(Program.version)]),
    ]
    for (name, value) in about { run.add(name, value) }
    return run
  }

  /// The report, with the exit status that wins.
  func report(evidencePath: String?, failure: FileError?) -> Report {
    let evidenceStatus: ExitStatus = failure == nil ? .done : .evidenceFailed
    let unwritten = failure.map { ["the evidence could not be written: \($0)"] } ?? []
    let evidenceRow = evidencePath.map { "evidence       \($0)" } ?? "evidence       NOT WRITTEN"
    switch evidence.finding {
    case .replayed(let document):
      return Report(
        status: .winner([status(of: document.verdict), evidenceStatus]),
        json: withEvidencePath(document.json(run: facts, digest: evidence.resultDigest), evidencePath),
        text: ResultText(document: document, run: facts).lines + ["", evidenceRow], problems: unwritten)
    case .damaged(let damage):
      let message = damage.objectValue?["message"]?.stringBytes ?? []
      return Report(
        status: .winner([.damaged, evidenceStatus]),
        json: withEvidencePath(
          .members([
            "schema": .text("eqm-replay/result/1"), "verdict": .text(evidence.verdict.rawValue), "damage": damage,
            "run": .object(facts.json(entryCount: 0)),
          ]), evidencePath),
        text: ["verdict        FAILED (nothing was applied)", evidenceRow],
        problems: [String(decoding: message, as: UTF8.self)] + unwritten)
    }
  }

  /// A drill that compared nothing is degraded.
  private func status(of verdict: Verdict) -> ExitStatus {
    verdict == .notCompared ? .degraded : ExitStatus(of: verdict)
  }

  private func withEvidencePath(_ document: JSONValue, _ path: String?) -> JSONValue {
    guard case .object(var object) = document else { preconditionFailure("a result document is an object") }
    object.add("evidence", path.map(JSONValue.text) ?? .null)
    return .object(object)
  }
}
