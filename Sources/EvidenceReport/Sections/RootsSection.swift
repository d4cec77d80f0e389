internal import PageMarkup
internal import StorageProtocol

/// What identifies the state: roots, and the counters that legacy hashes cover.
struct RootsSection: ReportSection {
  static let id = "roots"
  static let title = "State, roots and hashes"
  static let shortTitle = "State"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    guard !evidence.isDamaged else { return [Piece.note("There is no state: the log is damaged.")] }
    return [
      Piece.facts(roots), Piece.heading("Legacy hashes"),
      Piece.paragraph("They cover counters only: equal ones prove little."), Piece.facts(legacy),
      Piece.heading("Counters"),
      Piece.facts(counters),
    ]
  }

  private func digests(_ names: KeyValuePairs<String, String>) -> [(name: String, value: Markup)] {
    names.map { ($0.key, Piece.code(evidence.text($0.value))) }
  }

  private var roots: [(name: String, value: Markup)] {
    digests([
      "state root": "result.commitment.state_root", "objects root": "result.commitment.objects_root",
      "nodes root": "result.commitment.nodes_root", "log root": "result.commitment.log_root",
      "golden root": "verification.golden_root", "result digest": "result_digest",
    ]) + [
      (
        "rules",
        .text(
          "commitment \(evidence.text("result.engine.commitment")), semantics \(evidence.text("result.engine.semantics_version"))"
        )
      ), ("checkpoints", .text(evidence.figure("result.checkpoint_count"))),
    ]
  }

  private var legacy: [(name: String, value: Markup)] {
    digests([
      "state hash": "result.legacy.state_hash", "evidence state hash": "result.legacy.evidence_state_hash",
      "drill state hash": "result.legacy.drill_state_hash",
    ])
  }

  private var counters: [(name: String, value: Markup)] {
    let counts: KeyValuePairs = [
      "nodes": "node_count", "objects": "object_count", "shards": "shard_count", "events": "event_log_count",
    ]
    let decimals: KeyValuePairs = ["ATR fees": "total_atr_fees", "NOD rewards": "total_nod_rewards"]
    return [("epoch", .text(evidence.text("result.state.current_epoch")))]
      + counts.map { ($0.key, .text(evidence.figure("result.state.\($0.value)"))) }
      + decimals.map { ($0.key, .text(Figures.decimal(evidence.text("result.state.\($0.value)")))) }
  }
}
