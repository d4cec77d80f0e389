internal import PageMarkup
internal import ReplayEvidence
internal import StorageProtocol

/// What was compared and checked, with what came of it, and what was not: of that the evidence and this page say nothing.
struct ChecksSection: ReportSection {
  static let id = "checks"
  static let title = "What was checked, and what was not"
  static let shortTitle = "Checks"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    [
      Piece.heading("Compared with"), comparisons, Piece.heading("Not checked"),
      Piece.list(UncheckedParts(evidence).items),
      Piece.heading("Checks of the evidence"),
      Piece.paragraph(
        "Made of the file for this page. They show that the evidence says what it said when it was made, not that it is true."
      ),
      evidenceChecks,
    ]
  }

  // MARK: Comparisons

  private var comparisons: Markup {
    let made = evidence.sides
    let rows = Comparisons.Side.allCases.map { side -> [Markup] in
      let outcome = made.first { $0.side == side }
      return [
        Piece.strong(side.rawValue), outcome.map(Self.outcome) ?? Piece.status(.open, "not made"),
        .text(outcome == nil ? UncheckedParts(evidence).absence(of: side) : scope(of: side)),
      ]
    }
    return ReportTable(
      label: "Comparisons", columns: [("side", .words), ("outcome", .words), ("what that is", .words)], rows: rows
    ).markup
  }

  private static func outcome(_ side: ReportedEvidence.Side) -> Markup {
    let accepted = Figures.count(side.accepted, "accepted entry", "accepted entries")
    switch (side.isEqual, side.accepted) {
    case (true, 0): return Piece.status(.good, "equal")
    case (true, _): return Piece.status(.warned, "equal but for \(accepted)")
    case (false, 0): return Piece.status(.bad, "UNEQUAL")
    case (false, _): return Piece.status(.bad, "UNEQUAL besides \(accepted)")
    }
  }

  /// What was compared on a side.
  private func scope(of side: Comparisons.Side) -> String {
    let checkpoints = evidence.figure("verification.epochs_compared")
    switch side {
    case .recorded: return "the events that a live engine recorded in the log, field by field, where the log has them"
    case .sequential:
      return "every field of the result of a second, sequential engine that read the same log, roots included"
    case .golden:
      let end =
        evidence["result.golden_trace.state_root"].isNull
        ? "no root of the whole state was compared" : "the root of the whole state at its end"
      return "a golden trace: \(checkpoints) checkpoints, and \(end)"
    case .expected:
      let values = [
        ("expected_state_root", "the state root, which covers the whole state"),
        ("expected_state_hash", "the legacy state hash, which covers counters only"),
      ].filter { !evidence["result.options.\($0.0)"].isNull }
      return "given from outside: " + values.map(\.1).joined(separator: ", and ")
    }
  }

  // MARK: Checks of the evidence

  private var evidenceChecks: Markup {
    ReportTable(
      label: "Checks of the evidence", columns: [("check", .words), ("outcome", .words), ("what that is", .words)],
      rows: evidence.source.checks.map { check in
        [
          Piece.code(check.name.rawValue), Self.outcome(check.outcome),
          .text(PrintableText.plain(Array(check.detail.utf8))),
        ]
      }
    ).markup
  }

  private static func outcome(_ outcome: EvidenceCheck.Outcome) -> Markup {
    switch outcome {
    case .holds: Piece.status(.good, "holds")
    case .fails: Piece.status(.bad, "FAILS")
    case .missing: Piece.status(.warned, "missing")
    case .notChecked: Piece.status(.open, "not checked")
    }
  }
}
