internal import PageMarkup
internal import ReplayEvidence
internal import StorageProtocol

/// What the evidence claims, why, and how much of it is ready for an audit.
struct VerdictSection: ReportSection {
  static let id = "verdict"
  static let title = "Verdict"
  static let shortTitle = "Verdict"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    [
      .tag(
        "div", ["class": "verdict \(kind.rawValue)"],
        [
          .tag("p", ["class": "badge"], [Piece.sign(kind), .text(evidence.verdict)]),
          .tag("p", ["class": "meaning"], text: meaning),
        ]),
      reasons, tiles, Piece.facts(claims),
    ]
  }

  private var kind: StatusKind {
    switch evidence.verdict {
    case "PASSED": .good
    case "WARNED": .warned
    case "FAILED": .bad
    default: .open
    }
  }

  /// One sentence: what the verdict says, and no more.
  private var meaning: String {
    let sides = evidence.sides
    switch evidence.verdict {
    case "PASSED":
      return
        "All that was compared is equal (\(Self.names(sides))), and every entry of the log was applied or acknowledged."
    case "FAILED" where evidence.isDamaged: return "The log is damaged: nothing was applied, and there is no state."
    case "FAILED":
      let unequal = sides.filter { !$0.isEqual }
      return unequal.isEmpty
        ? "The accept list speaks of something that is not in the log."
        : "What the replay gave is not equal to what it was compared with (\(Self.names(unequal)))."
    case "WARNED":
      let compared =
        sides.isEmpty ? "Nothing was compared" : "What was compared is equal (\(Self.names(sides)))"
      return "\(compared), but this is no clean pass: "
        + (evidence.isSalvage ? "it is a salvage of a damaged archive." : "see the reasons.")
    default: return "The log was replayed and compared with nothing: nothing is claimed of what came out."
    }
  }

  private static func names(_ sides: [ReportedEvidence.Side]) -> String {
    sides.map(\.side.rawValue).joined(separator: ", ")
  }

  // MARK: Reasons

  private var reasons: Markup {
    let reasons = evidence.elements("reasons").map(ReportedEvidence.text)
    guard !reasons.isEmpty else { return Piece.note("No reason keeps it from a clean pass.") }
    return Piece.list(reasons.map { reason in .group([Piece.code(reason), .text(": \(explanation(reason))")]) })
  }

  private func explanation(_ reason: String) -> String {
    switch reason {
    case "log-damaged": evidence.text("result.damage.message")
    case "comparison-unequal": "a comparison was made and was not equal"
    case "nothing-compared": "there was nothing to compare with"
    case "log-empty": "the log has no entries"
    case "entries-rejected": "\(evidence.figure("result.entries.rejected")) of \(total) entries were rejected"
    case "entries-unsupported":
      "\(evidence.figure("result.entries.unsupported")) of \(total) entries are of a type that nobody knows"
    case "findings-accepted":
      "\(evidence.figure("result.accepted.used")) findings count as known by the accept list, and are there all the same"
    case "accept-lines-unused": "lines of the accept list accepted nothing"
    case "success-ratio-below-threshold":
      "\(evidence.text("result.success_ratio")) is below \(evidence.text("result.options.threshold"))"
    default: "no explanation is known of it"
    }
  }

  private var total: String { evidence.figure("result.entries.total") }

  // MARK: Numbers

  private var tiles: Markup {
    let facts: [(name: String, value: String)] =
      evidence.isDamaged
      ? [
        ("entries applied", "none"),
        ("damaged at entry", evidence.count("result.damage.ordinal").map { Figures.count($0) } ?? "not known"),
      ]
      : [
        ("entries", total), ("applied or acknowledged", successShare),
        ("diverged", evidence.figure("result.entries.diverged")),
        ("epoch reached", evidence.text("result.state.current_epoch")), ("replayed in", elapsed),
      ]
    return .tag(
      "dl", ["class": "tiles"],
      facts.map { .tag("div", [:], [.tag("dt", text: $0.name), .tag("dd", text: $0.value)]) })
  }

  private var successShare: String {
    let counts = ["applied", "acknowledged"].map { evidence.count("result.entries.\($0)") ?? 0 }
    return Figures.percent(counts[0] + counts[1], of: evidence.count("result.entries.total") ?? 0)
  }

  private var elapsed: String {
    evidence.microseconds("run.seconds").map { Figures.seconds(microseconds: $0) } ?? "unknown"
  }

  // MARK: Claims

  private var claims: [(name: String, value: Markup)] {
    [
      ("audit readiness", .text(readiness)),
      ("deterministic replay", .text(evidence.text("verification.deterministic_replay"))),
      ("bit for bit equal", .text(bitForBit)), ("no simulation", .text(simulation)),
    ]
  }

  /// Ready is only what has the signature that it was made to have.
  private var readiness: String {
    guard evidence.text("audit_readiness") == "READY" else { return "NOT_READY: \(obstacles.joined(separator: "; "))" }
    return switch evidence.source.signature(of: evidence.document) {
    case .verified: "READY, and the signature was verified"
    case .notChecked: "READY if the signature is right: it was not checked"
    case .missing, .notSigned: "READY only with its envelope (.dsse.json): this file has no signature"
    }
  }

  /// What keeps evidence from being ready, as far as the document says.
  private var obstacles: [String] {
    let facts: [(holds: Bool, text: String)] = [
      (evidence.verdict != "PASSED", "the verdict is \(evidence.verdict)"),
      (
        evidence["verification.golden_root"].isNull && !evidence.sides.contains { $0.side == .expected },
        "neither the root of a golden trace nor an expected value was compared"
      ),
      ((evidence.count("result.stores.placeholder") ?? 0) > 0, "STOREs had placeholder content"),
      (evidence["signed_by"].isNull, "it was not made to be signed"),
    ]
    return facts.filter(\.holds).map(\.text)
  }

  private var bitForBit: String {
    switch evidence["verification.bit_for_bit_match"] {
    case .boolean(true): "yes: a root of the whole state was compared, and everything was equal"
    case .boolean(false): "no"
    default: "not known: no root of the whole state was compared"
    }
  }

  private var simulation: String {
    let value = evidence.text("zero_simulation_compliance")
    return switch value {
    case "PASS": "PASS: every applied STORE was re-executed from its content"
    case "NOT_APPLICABLE": "NOT_APPLICABLE: no STORE was applied"
    case _ where evidence.isDamaged: "\(value): nobody knows which STOREs a damaged log has"
    default:
      "\(value): \(evidence.figure("result.stores.reexecuted")) of \(Figures.count(evidence.storeCount)) applied STOREs were re-executed"
        + " from their content"
    }
  }
}
