internal import ReplayEvidence
internal import StorageProtocol

/// What to do about a result that is not clean.
struct ResultNextStep {
  let document: ResultDocument
  private let typed: TypedReplay
  private let listsFindings: Bool

  /// - Parameter listsFindings: whether a file lists every entry that was not applied.
  init(_ document: ResultDocument, _ options: ReplayOptions, listsFindings: Bool = false) {
    self.document = document
    typed = TypedReplay(options)
    self.listsFindings = listsFindings
  }

  /// For people; nil for a result that is clean.
  var sentence: String? {
    switch document.verdict {
    case .passed: nil
    case .notCompared: "give it something to compare with: --golden, --expect-state-root, or a sequential run"
    case .failed: divergence
    case .warned: warning
    }
  }

  private var divergence: String {
    let unequal = document.comparisons.outcomes.filter { $0.firstDivergence != nil }
    // Two engines that differ are worse than anything a log can be.
    let order: [Comparisons.Side] = [.sequential, .golden, .recorded, .expected]
    let first = order.compactMap { side in unequal.first { $0.side == side } }.first
    switch first?.side {
    case .sequential:
      return
        "keep the log, halt what relies on it, and see which schedules differ: \(Program.name) stress \(typed.entries)"
    case .golden: return "\(Program.name) bisect \(typed.entries) --golden \(typed.golden)"
    case .recorded:
      let entry = first?.firstDivergence?.ordinal.map { "\($0.value)" } ?? "ORDINAL"
      return "\(Program.name) inspect \(typed.entries) --entries \(entry)"
    case .expected:
      return
        "see that the expected value is of this log, and that the log is whole: \(Program.name) check \(typed.entries)"
    case nil: return "take the lines that accept nothing out of the accept list"
    }
  }

  private var warning: String {
    let entries = document.result.entries
    if entries.total == 0 { return "the log is empty: look for the complete one" }
    guard entries.rejected + entries.unsupported > 0 else {
      return "what was accepted or lost is named in the result: look whether it still should be"
    }
    guard !listsFindings else { return "look at the entries that --rejects wrote" }
    return "\(Program.name) replay \(typed.replay) --rejects rejects.jsonl"
  }
}
