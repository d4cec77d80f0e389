internal import PageMarkup
internal import StorageProtocol

/// Where the time went: steps on the wall, stages on the workers.
struct TimesSection: ReportSection {
  static let id = "times"
  static let title = "Where the time went"
  static let shortTitle = "Times"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    [Piece.heading("Steps of the drill"), Piece.paragraph("Wall time, one after the other."), steps]
      + (evidence.members("run.stages").isEmpty ? [] : stages)
  }

  private var steps: Markup {
    let meanings: KeyValuePairs = [
      "prepare": "fresh engine, room and targets looked at", "load": "log read from end to end",
      "replay": "entries applied, as far as the log could be read",
      "verify": "result compared, with the sequential run where that was asked for",
      "evidence": "evidence written",
    ]
    return table("Steps", "run.steps") { name in meanings.first { $0.key == name }?.value ?? "" }
  }

  private var stages: [Markup] {
    let meanings: KeyValuePairs = [
      "read": "files, frames, cutting into whole entries", "decode": "JSON to columns",
      "plan": "timeline of control entries",
      "derive": "hashes, placements, events", "apply": "totals, nodes, objects", "merge": "results in log order",
      "commit": "trees and roots",
    ]
    let workers = evidence.count("run.workers") ?? 1
    let wall = evidence.microseconds("run.seconds").map { Figures.seconds(microseconds: $0) } ?? "unknown"
    return [
      Piece.heading("Stages of the replay"),
      Piece.paragraph(
        .text(
          """
          Time that \(workers == 1 ? "the worker" : "all \(Figures.count(workers)) workers together") spent in each stage. Stages run \
          side by side: their sum is not the \(wall) that the replay took on the wall, and may be more.
          """)),
      table("Stages", "run.stages") { name in meanings.first { $0.key == name }?.value ?? "" },
    ]
  }

  private func table(_ label: String, _ path: String, meaning: (String) -> String) -> Markup {
    let parts = evidence.members(path).map { member in
      (name: member.key, microseconds: Figures.microseconds(ReportedEvidence.text(member.value)) ?? 0)
    }
    let total = UInt64(clamping: parts.reduce(UInt128(0)) { $0 + UInt128($1.microseconds) })
    return ReportTable(
      label: label, columns: [(label.lowercased(), .words), ("share", .bar), ("time", .number), ("of all", .number)],
      rows: parts.map { part in
        let share = Figures.percent(part.microseconds, of: total)
        let meaning = meaning(part.name)
        return [
          .group([Piece.strong(part.name), .tag("small", text: meaning)]),
          ShareBar.markup(part.microseconds, of: total, label: "\(part.name): \(share)"),
          .text(Figures.seconds(microseconds: part.microseconds)), .text(share),
        ]
      }
    ).markup
  }
}
