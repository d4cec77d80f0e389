internal import PageMarkup
internal import StorageProtocol

/// How far the replay came, how long it took, and what of the log the state has not.
struct RecoverySection: ReportSection {
  static let id = "recovery"
  static let title = "What was recovered, and what not"
  static let shortTitle = "Recovery"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    guard !evidence.isDamaged else {
      return [Piece.paragraph("Nothing was recovered: the log is damaged, and nothing of it was applied.")]
    }
    return [Piece.facts(point), Piece.heading("Not recovered")] + missing
  }

  private var point: [(name: String, value: Markup)] {
    let elapsed = evidence.microseconds("run.seconds").map { Figures.seconds(microseconds: $0) } ?? "unknown"
    let resumed = evidence.count("run.resumed_at_ordinal").map { ", from entry \(Figures.count($0)) on" } ?? ""
    guard !evidence["result.recovery.last_applied"].isNull else {
      return [("recovery point", "none: no entry was applied"), ("time", .text(elapsed + resumed))]
    }
    let tick =
      evidence["result.recovery.last_applied.tick"].isNull
      ? "no STORE" : evidence.text("result.recovery.last_applied.tick")
    return [
      ("last applied entry", .text(evidence.figure("result.recovery.last_applied.ordinal"))),
      ("epoch", .text(evidence.text("result.recovery.last_applied.epoch"))), ("tick of the last STORE", .text(tick)),
      ("highest tick", .text(evidence.text("result.recovery.highest_tick"))),
      ("time, from opening the log to the state root", .text(elapsed + resumed)),
    ]
  }

  private var missing: [Markup] {
    let parts: [(name: String, title: String, note: String)] = [
      ("rejected", "entries rejected", "the state is as it was before each"),
      ("unsupported", "entries of unknown type", "nobody knows what they do"),
      ("lost", "entries lost", "a salvage does not have them"),
      ("contents_carried", "contents of STOREs", "the log has none: hash and size are those of the record"),
      ("contents_placeholder", "contents of STOREs, with placeholder bytes", "the log never had them"),
    ]
    let rows = parts.compactMap { part -> [Markup]? in
      guard let count = evidence.count("result.recovery.not_recovered.\(part.name)"), count > 0 else { return nil }
      return [.text(part.title), .text(Figures.count(count)), .text(part.note)]
    }
    guard !rows.isEmpty else { return [Piece.note("Nothing is missing of what the log has up to there.")] }
    return [
      ReportTable(
        label: "Not recovered", columns: [("what", .words), ("number", .number), ("why", .words)], rows: rows
      ).markup
    ]
  }
}
