internal import PageMarkup
internal import StorageProtocol

/// When, where and by what: none of it is part of the result.
struct RunSection: ReportSection {
  static let id = "run"
  static let title = "The run"
  static let shortTitle = "Run"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    [
      Piece.paragraph("None of it is part of the result."),
      Piece.facts(circumstances + work),
    ]
  }

  private var circumstances: [(name: String, value: Markup)] {
    let names: KeyValuePairs = ["started": "started", "ended": "ended", "host": "host", "system": "system"]
    return names.map { ($0.key, .text(evidence.text("run.\($0.value)"))) } + [
      ("tool", .text("\(evidence.text("run.tool.name")) \(evidence.text("run.tool.version"))"))
    ]
  }

  private var work: [(name: String, value: Markup)] {
    let hashed = evidence.count("run.hashed_bytes") ?? 0
    let memory = evidence.count("run.peak_memory_bytes") ?? 0
    var facts: [(name: String, value: Markup)] = [
      ("workers", .text(evidence.figure("run.workers"))), ("partitions", .text(evidence.figure("run.partitions"))),
      ("speed", .text("\(evidence.figure("run.entries_per_second")) entries/s")),
      ("hashed in derive", .text(hashed == 0 ? "nothing, or not counted" : Figures.bytes(hashed))),
      ("largest resident memory", .text(memory == 0 ? "not known" : Figures.bytes(memory))),
    ]
    if let limit = evidence.count("run.memory_limit_bytes") {
      facts.append(("memory limit", .text(Figures.bytes(limit))))
    }
    if let spilled = evidence.count("run.spilled_bytes") {
      facts.append(
        ("put on disk", .text("\(Figures.bytes(spilled)) of \(evidence.figure("run.spilled_partitions")) partitions")))
    }
    return facts
  }
}
