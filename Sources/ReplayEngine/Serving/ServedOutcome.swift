internal import ReplayEvidence
internal import ReplayMetrics
internal import ReplayServing
internal import StorageProtocol

/// What came of a served run.
struct ServedOutcome {
  let served: ServedEnd
  let status: ExitStatus
  /// The result document; null where nothing was replayed.
  let result: JSONValue
  /// Whether the log was replayed to its end.
  let isReplayed: Bool

  /// Of a run that came to a finding.
  init(_ last: LastRun, _ drilled: Drill.Drilled) {
    let report = drilled.report
    var served = ServedEnd(exitStatus: report.status.rawValue)
    served.verdict = drilled.evidence.verdict.rawValue
    served.problems = report.problems
    served.families = last.families
    status = report.status
    switch drilled.evidence.finding {
    case .replayed(let document):
      served.rows = ServedOutcome.rows(document)
      result = .object(document.json(run: drilled.facts, digest: drilled.evidence.resultDigest))
      isReplayed = true
    case .damaged:
      result = .null
      isReplayed = false
    }
    self.served = served
  }

  /// Of a run that failed.
  init(_ last: LastRun, _ status: ExitStatus, _ failure: ReplayFailure) {
    var served = ServedEnd(exitStatus: status.rawValue)
    served.problems = [failure.description]
    served.families = last.families
    self.served = served
    self.status = status
    result = .null
    isReplayed = false
  }

  private static func rows(_ document: ResultDocument) -> [(name: String, value: String)] {
    let entries = document.result.entries
    let sides = document.comparisons.outcomes.map { outcome in
      outcome.firstDivergence == nil ? outcome.side.rawValue : "\(outcome.side.rawValue) (not equal)"
    }
    return [
      ("entries", "\(entries.total)"), ("applied", "\(entries.applied)"), ("acknowledged", "\(entries.acknowledged)"),
      ("rejected", "\(entries.rejected)"), ("unsupported", "\(entries.unsupported)"),
      ("compared with", sides.isEmpty ? "nothing" : sides.joined(separator: ", ")),
      ("state root", document.result.roots.state.hexadecimal),
    ]
  }
}
