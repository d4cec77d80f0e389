internal import PageMarkup
internal import StorageProtocol

/// The evidence this page is made from, who signs it, and the evidence before it.
struct ChainSection: ReportSection {
  static let id = "chain"
  static let title = "Evidence, signature and chain"
  static let shortTitle = "Evidence"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    [
      Piece.facts([
        ("evidence file", Piece.code(evidence.fileName)),
        ("its SHA-256", Piece.code(evidence.source.sha256.hexadecimal)),
        ("evidence digest", Piece.code(evidence.text("evidence_digest"))),
        ("result digest", Piece.code(evidence.text("result_digest"))), ("schema", Piece.code(evidence.text("schema"))),
      ]), Piece.heading("Signature"), Piece.paragraph(standing), signer, Piece.heading("The evidence before this one"),
      previous,
    ]
  }

  private var standing: Markup {
    switch evidence.source.signature(of: evidence.document) {
    case .verified:
      .group([
        Piece.status(.good, "signature verified"), " by key ",
        Piece.code(evidence.source.keyID?.hexadecimal ?? evidence.text("signed_by.key_id")),
      ])
    case .notChecked: Piece.status(.open, "signature not checked")
    case .missing:
      .group([Piece.status(.warned, "signature missing"), ": it is in the evidence's .dsse.json, not in this file"])
    case .notSigned: Piece.status(.open, "not signed")
    }
  }

  private var signer: Markup {
    guard !evidence["signed_by"].isNull else {
      return Piece.note("The evidence names no key that it was made to be signed with.")
    }
    return Piece.facts([
      ("signed by, as it says", Piece.code(evidence.text("signed_by.key_id"))),
      ("algorithm", .text(evidence.text("signed_by.algorithm"))),
    ])
  }

  private var previous: Markup {
    guard !evidence["previous"].isNull else { return Piece.note("None: it is the first of its chain.") }
    return Piece.facts([
      ("its file's SHA-256", Piece.code(evidence.text("previous.evidence_sha256"))),
      ("its evidence digest", Piece.code(evidence.text("previous.evidence_digest"))),
      ("its result digest", Piece.code(evidence.text("previous.result_digest"))),
    ])
  }
}
