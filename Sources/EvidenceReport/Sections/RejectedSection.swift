internal import PageMarkup
internal import StorageProtocol

/// Entries that left the state as it was.
struct RejectedSection: ReportSection {
  static let id = "rejected"
  static let title = "Rejected and unknown"
  static let shortTitle = "Rejected"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    guard !evidence.isDamaged else { return [Piece.note("Nothing was applied, so nothing was rejected.")] }
    guard !rows.isEmpty else { return [Piece.note("No entry was rejected, and none is of unknown type.")] }
    return [
      Piece.paragraph(
        "Each of them left the state exactly as it was. The evidence counts them; ",
        Piece.code("replay LOG --rejects FILE"),
        " writes every one with its place and its text."),
      ReportTable(
        label: title,
        columns: [("why", .words), ("code or type", .id), ("entries", .number), ("of the log", .number)],
        rows: rows
      ).markup,
    ] + omitted
  }

  private var title: String { Self.title }

  private var rows: [[Markup]] {
    rows("rejected", "rejected_by_code") + rows("unknown type", "unsupported_types")
  }

  private func rows(_ reason: String, _ name: String) -> [[Markup]] {
    let total = evidence.count("result.entries.total") ?? 0
    return evidence.members("result.entries.\(name)").map { member in
      let count = ReportedEvidence.count(member.value) ?? 0
      return [
        .text(reason), Piece.code(member.key), .text(Figures.count(count)), .text(Figures.percent(count, of: total)),
      ]
    }
  }

  private var omitted: [Markup] {
    guard let omitted = evidence.count("result.entries.unsupported_types_omitted"), omitted > 0 else { return [] }
    return [Piece.note(.text("\(Figures.count(omitted, "type", "types")) more are not listed."))]
  }
}
