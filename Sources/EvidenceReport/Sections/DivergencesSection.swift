internal import PageMarkup
internal import ReplayEvidence
internal import StorageProtocol

/// Where something else came out than was recorded or expected, both values of each.
struct DivergencesSection: ReportSection {
  static let id = "divergences"
  static let title = "Divergences"
  static let shortTitle = "Divergences"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    guard !evidence.isDamaged else { return [Piece.note("Nothing was applied, so nothing was compared.")] }
    return firsts + recorded
  }

  // MARK: First of each side

  private var firsts: [Markup] {
    let unequal = evidence.sides.filter { !$0.isEqual }
    guard !unequal.isEmpty else {
      return [
        Piece.note(.text(evidence.sides.isEmpty ? "Nothing was compared." : "Every comparison that was made is equal."))
      ]
    }
    let rows = unequal.map { side in
      let value = { (name: String) in side.firstDivergence.objectValue?[name] ?? .null }
      return [
        Piece.strong(side.side.rawValue), .text(ReportedEvidence.text(value("ordinal"))),
        .text(ReportedEvidence.text(value("epoch"))), Piece.code(ReportedEvidence.json(value("object_id"))),
        Piece.code(ReportedEvidence.json(value("version"))), Piece.code(ReportedEvidence.text(value("field"))),
        Piece.code(ReportedEvidence.json(value("expected"))), Piece.code(ReportedEvidence.json(value("actual"))),
      ] as [Markup]
    }
    return [
      Piece.heading("The first of each comparison"),
      ReportTable(
        label: "First divergence of each comparison",
        columns: [
          ("side", .words), ("entry", .number), ("epoch", .number), ("object", .id), ("version", .words),
          ("field", .words),
          ("expected", .value), ("actual", .value),
        ], rows: rows
      ).markup,
    ]
  }

  // MARK: From the record

  private var recorded: [Markup] {
    let items = evidence.elements("verification.divergences")
    let omitted = evidence.count("verification.divergences_omitted") ?? 0
    guard !items.isEmpty else { return [] }
    let rows = items.map { item in
      let value = { (name: String) in item.objectValue?[name] ?? .null }
      return [
        .text(ReportedEvidence.text(value("ordinal"))), Piece.code(ReportedEvidence.text(value("field"))),
        Piece.code(ReportedEvidence.json(value("recorded"))), Piece.code(ReportedEvidence.json(value("derived"))),
      ] as [Markup]
    }
    return [
      Piece.heading("From what the log recorded"),
      Piece.paragraph(
        .text(
          """
          \(Figures.count(evidence.count("result.entries.diverged") ?? 0, "applied entry differs", "applied entries differ")) from what the \
          log recorded: the state has what was recorded. A line a field.
          """)),
      ReportTable(
        label: "Divergences from the record",
        columns: [("entry", .number), ("field", .words), ("recorded", .value), ("derived", .value)], rows: rows
      ).markup,
    ]
      + (omitted > 0
        ? [Piece.note(.text("\(Figures.count(omitted, "divergence", "divergences")) more are not listed."))] : [])
  }
}
