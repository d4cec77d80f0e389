internal import PageMarkup
internal import StorageProtocol

/// What was known beforehand and counts as such: it is there all the same.
struct AcceptedSection: ReportSection {
  static let id = "accepted"
  static let title = "Accepted"
  static let shortTitle = "Accepted"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    guard !evidence["result.accepted"].isNull else {
      let isGiven = !evidence["result.options.accept_sha256"].isNull
      return [
        Piece.note(
          isGiven
            ? "An accept list was given, and nothing was replayed." : "No accept list was given: nothing is accepted.")
      ]
    }
    return [
      Piece.paragraph(
        "Accepted findings are still diverged, rejected or of unknown type, and counted as such: the verdict is at most WARNED."
      ),
      Piece.facts([
        (
          "lines of the list", .text("\(figure("lines")): \(figure("used")) accepted something, \(unusedCount) nothing")
        ),
        (
          "divergences",
          .text("\(figure("divergences")) fields of \(figure("diverged")) entries of which every field is accepted")
        ),
        ("rejected entries", .text(figure("rejected"))), ("entries of unknown type", .text(figure("unsupported"))),
        ("accept list", Piece.code(evidence.text("result.accepted.sha256"))),
      ]),
    ] + unused
  }

  private func figure(_ name: String) -> String { evidence.figure("result.accepted.\(name)") }

  private var omitted: UInt64 { evidence.count("result.accepted.unused_omitted") ?? 0 }

  private var unusedCount: String {
    Figures.count(UInt64(evidence.elements("result.accepted.unused").count) + omitted)
  }

  private var unused: [Markup] {
    let lines = evidence.elements("result.accepted.unused")
    guard !lines.isEmpty else { return [] }
    let rows = lines.map { line in
      let value = { (name: String) in line.objectValue?[name] ?? .null }
      let finding = value("field").isNull ? value("code") : value("field")
      return [
        .text(ReportedEvidence.text(value("line"))), .text(ReportedEvidence.text(value("ordinal"))),
        Piece.code(ReportedEvidence.text(finding)),
      ] as [Markup]
    }
    return [
      Piece.heading("Lines that accepted nothing"),
      ReportTable(
        label: "Lines that accepted nothing",
        columns: [("line", .number), ("entry", .number), ("field or code", .words)], rows: rows
      ).markup,
    ] + (omitted > 0 ? [Piece.note(.text("\(Figures.count(omitted, "line", "lines")) more are not listed."))] : [])
  }
}
