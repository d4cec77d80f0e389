internal import PageMarkup
internal import StorageProtocol

/// The equation of a replay: everything that was found became something.
struct CoverageSection: ReportSection {
  static let id = "coverage"
  static let title = "Coverage"
  static let shortTitle = "Coverage"

  private static let undeclared = "not declared"

  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var content: [Markup] {
    guard !evidence.isDamaged else { return damage }
    return [Piece.paragraph(.text(completeness)), equation, Piece.facts(sums + origins)] + lost
  }

  private var damage: [Markup] {
    [
      Piece.paragraph("The log is damaged, so nothing of it was applied and there is nothing to count."),
      Piece.facts([
        ("what is wrong", .text(evidence.text("result.damage.message"))),
        ("at entry", .text(place("ordinal"))),
        ("at byte of the log", .text(place("byte_offset"))),
        ("at byte of the file", .text(place("file_offset"))),
      ]),
    ]
  }

  /// A place of the damage.
  private func place(_ name: String) -> String {
    evidence.count("result.damage.\(name)").map { Figures.count($0) } ?? "not known"
  }

  private var completeness: String {
    switch evidence["result.completeness.complete"] {
    case .boolean(true): "Complete: everything that the archive declares was found, and became what the equation says."
    case .boolean(false): "NOT COMPLETE: something that was declared was not found, or is lost."
    default: "Everything that was found became what the equation says. Whether the log is whole, nobody knows."
    }
  }

  // MARK: The equation

  private var equation: Markup {
    let expected =
      evidence["result.completeness.entries.expected"].isNull ? CoverageSection.undeclared : entries("expected")
    let terms: [(sign: String, name: String, value: String)] = [
      ("", "found", entries("found")), ("=", "expected", expected), ("=", "applied", entries("applied")),
      ("+", "acknowledged", entries("acknowledged")), ("+", "rejected", entries("rejected")),
      ("+", "unsupported", entries("unsupported")),
    ]
    let lost: [(sign: String, name: String, value: String)] =
      evidence.isSalvage ? [("besides", "lost", evidence.figure("result.completeness.lost_entries"))] : []
    return .tag(
      "div", ["class": "equation"],
      (terms + lost).map { term in
        .tag(
          "span", ["class": "term"],
          [
            .tag("span", ["class": "operator"], text: term.sign),
            .tag("b", ["class": term.value == CoverageSection.undeclared ? "absent" : "count"], text: term.value),
            .tag("span", ["class": "name"], text: term.name),
          ])
      })
  }

  private func entries(_ name: String) -> String { evidence.figure("result.completeness.entries.\(name)") }

  private var sums: [(name: String, value: Markup)] {
    var facts: [(name: String, value: Markup)] = [
      ("integrity", .text(evidence.text("result.completeness.integrity"))),
      (
        "ordinals",
        .text(
          evidence["result.completeness.ordinals.first"].isNull
            ? "none"
            : "\(evidence.figure("result.completeness.ordinals.first")) to \(evidence.figure("result.completeness.ordinals.last"))"
        )
      ),
    ]
    for (name, path) in [("segments", "segments"), ("bytes of the log", "raw_bytes")] {
      guard !evidence["result.completeness.\(path)"].isNull else { continue }
      let expected = "result.completeness.\(path).expected"
      let found = evidence.figure("result.completeness.\(path).found")
      let declared = evidence[expected].isNull ? "not declared" : "\(evidence.figure(expected)) declared"
      facts.append((name, .text("\(found) found, \(declared)")))
    }
    facts.append(
      (
        "success ratio",
        .text("\(evidence.text("result.success_ratio")), threshold \(evidence.text("result.options.threshold"))")
      ))
    return facts
  }

  /// How the applied entries came about: apart, and never added up.
  private var origins: [(name: String, value: Markup)] {
    [
      (
        "STOREs",
        .text(
          "\(figure("stores.reexecuted")) re-executed from content, \(figure("stores.carried")) carried over from the record,"
            + " \(figure("stores.placeholder")) with placeholder content")
      ),
      (
        "proofs",
        .text(
          "\(figure("proofs.generated")) generated, \(figure("proofs.failed")) failed,"
            + " \(figure("proofs.carried")) carried over from the record")
      ),
    ]
  }

  private func figure(_ path: String) -> String { evidence.figure("result.\(path)") }

  private var lost: [Markup] {
    let ranges = evidence.elements("result.completeness.lost")
    guard !ranges.isEmpty else { return [] }
    let rows = ranges.map { range in
      ["first", "last"].map { Markup.text(ReportedEvidence.text(range.objectValue?[$0] ?? .null)) }
    }
    return [
      Piece.heading("Lost"),
      ReportTable(label: "Lost entries", columns: [("from entry", .number), ("to entry", .number)], rows: rows).markup,
    ]
  }
}
