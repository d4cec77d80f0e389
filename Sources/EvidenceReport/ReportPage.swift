internal import PageMarkup
package import StorageProtocol

/// Evidence as one HTML page for people: no script, nothing from elsewhere, colours of the reader's choice, made to be printed too.
///
/// It says what the evidence says, what of it was checked, and what was not. Nothing is computed that the evidence does not have,
/// but for shares and speeds of its own numbers.
package struct ReportPage {
  private static let sections: [any ReportSection.Type] = [
    VerdictSection.self, ChecksSection.self, CoverageSection.self, EpochsSection.self, TimesSection.self,
    DivergencesSection.self, RejectedSection.self, AcceptedSection.self, RecoverySection.self, RootsSection.self,
    InputsSection.self, RunSection.self, ChainSection.self,
  ]

  private let evidence: ReportedEvidence

  /// - Parameter document: evidence that holds (``EvidenceVerification/document``).
  package init(_ document: JSONObject, _ source: ReportSource) {
    evidence = ReportedEvidence(document: document, source: source)
  }

  /// The page in UTF-8: the same bytes for the same evidence and key.
  package var bytes: [UInt8] {
    var output = Array("<!DOCTYPE html>\n".utf8)
    Markup.tag("html", ["lang": "en"], [head, body]).append(to: &output)
    return output
  }

  private var head: Markup {
    .tag(
      "head", [:],
      [
        .tag("meta", ["charset": "utf-8"]),
        .tag("meta", ["http-equiv": "Content-Security-Policy", "content": StyleSheet.policy]),
        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .tag("meta", ["name": "color-scheme", "content": "light dark"]),
        .tag("meta", ["name": "referrer", "content": "no-referrer"]),
        .tag("title", text: "\(evidence.verdict): replay of \(evidence.logName), \(day)"),
        .styleSheet(StyleSheet.text),
      ])
  }

  private var day: String { String(evidence.text("timestamp").prefix(10)) }

  /// To the second; the run has all digits.
  private var moment: String { "\(day) \(evidence.text("timestamp").dropFirst(11).prefix(8)) UTC" }

  private var body: Markup {
    .tag(
      "body", [:],
      [
        header,
        .tag("main", [:], ReportPage.sections.map { $0.element(evidence) }),
        .tag(
          "footer", [:],
          [
            Piece.paragraph(
              "Made by ", .text(evidence.source.program), " from ", Piece.code(evidence.fileName),
              ", which held. This page is a copy for people: what counts is that file.")
          ]),
      ])
  }

  private var header: Markup {
    .tag(
      "header", [:],
      [
        .tag("p", ["class": "above"], text: "\(evidence.text("component")) \u{B7} \(evidence.text("test_type"))"),
        .tag("h1", [:], ["Replay of ", .text(evidence.logName)]),
        .tag(
          "p", ["class": "below"],
          text: "Evidence of \(moment), made on \(evidence.text("run.host"))"),
        .tag(
          "nav", ["aria-label": "Sections"],
          [
            .tag(
              "ul", [:],
              ReportPage.sections.map { section in
                .tag("li", [:], [.tag("a", ["href": "#\(section.id)"], text: section.shortTitle)])
              })
          ]),
      ])
  }
}
