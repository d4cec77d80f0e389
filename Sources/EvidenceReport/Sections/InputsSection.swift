internal import PageMarkup
internal import StorageProtocol

/// What the replay was given, by digests, and the options that decide the result.
struct InputsSection: ReportSection {
  static let id = "inputs"
  static let title = "What went in, and what was written"
  static let shortTitle = "Inputs"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    [
      Piece.heading("Log"), Piece.facts(log), Piece.heading("Options"), Piece.facts(options),
      Piece.heading("Constants"),
      Piece.facts(constants), Piece.heading("Golden trace"), golden, Piece.heading("Snapshot of the state"),
    ] + snapshot
  }

  private var log: [(name: String, value: Markup)] {
    [
      ("name", Piece.code(evidence.text("run.log"))), ("SHA-256", Piece.code(evidence.text("result.archive.sha256"))),
      ("size", .text(bytes("result.archive.bytes"))),
      ("entries", .text(evidence.count("result.archive.entries").map(Figures.count) ?? "not known")),
    ]
  }

  private func bytes(_ path: String) -> String { evidence.count(path).map(Figures.bytes) ?? "not known" }

  private var options: [(name: String, value: Markup)] {
    [
      ("profile", .text(evidence.text("result.options.profile"))),
      ("largest content", .text(bytes("result.options.max_content_size"))),
      ("threshold", .text(evidence.text("result.options.threshold"))),
      digest("expected state root", "expected_state_root"),
      digest("expected state hash", "expected_state_hash"), digest("accept list, SHA-256", "accept_sha256"),
    ]
  }

  private func digest(_ name: String, _ option: String) -> (name: String, value: Markup) {
    let path = "result.options.\(option)"
    return (name, evidence[path].isNull ? "none given" : Piece.code(evidence.text(path)))
  }

  private var constants: [(name: String, value: Markup)] {
    evidence.members("result.constants").map { ($0.key, .text(ReportedEvidence.text($0.value))) }
  }

  private var golden: Markup {
    guard !evidence["result.golden_trace"].isNull else { return Piece.note("None was given.") }
    return Piece.facts([
      ("name", Piece.code(evidence.text("run.golden"))),
      ("SHA-256", Piece.code(evidence.text("result.golden_trace.sha256"))),
      ("size", .text(bytes("result.golden_trace.bytes"))),
      ("state root at its end", Piece.code(evidence.text("result.golden_trace.state_root"))),
    ])
  }

  private var snapshot: [Markup] {
    guard !evidence["snapshot"].isNull else { return [Piece.note("None was written.")] }
    return [
      Piece.facts([
        ("name", Piece.code(evidence.text("snapshot.name"))), ("SHA-256", Piece.code(evidence.text("snapshot.sha256"))),
        ("size", .text(bytes("snapshot.bytes"))), ("rows", .text(evidence.figure("snapshot.rows"))),
      ]),
      ReportTable(
        label: "Digests of the snapshot's tables", columns: [("table", .words), ("SHA3-256 of all its rows", .value)],
        rows: evidence.members("snapshot.sha3_256").map {
          [.text($0.key), Piece.code(ReportedEvidence.text($0.value))]
        }
      ).markup,
    ]
  }
}
