internal import PageMarkup
internal import StorageProtocol

/// Entries and speed over the epochs of the log.
struct EpochsSection: ReportSection {
  static let id = "epochs"
  static let title = "Throughput and entries per epoch"
  static let shortTitle = "Epochs"

  private let evidence: ReportedEvidence
  private let spans: [ReportedSpan]

  init(_ evidence: ReportedEvidence) {
    self.evidence = evidence
    spans = evidence.elements("run.epochs.spans").map(ReportedSpan.init)
  }

  var content: [Markup] {
    guard !spans.isEmpty else { return [Piece.note(.text(absence))] }
    return [
      Piece.paragraph(
        """
        Each bar is a span of whole epochs, in log order; the last epoch may be unfinished. Time is that between the merges of the \
        batches which hold the ends of a span, on the clock of this run.
        """), throughput, entries,
    ] + notApplied + [Piece.details("The numbers of the charts", [table])]
  }

  private var absence: String {
    evidence.isDamaged
      ? "The log is damaged: there are no epochs to show."
      : evidence.count("result.entries.total") == 0
        ? "The log has no entries."
        : "This evidence does not say how its entries and its time spread over the epochs."
  }

  // MARK: Charts

  private var throughput: Markup {
    let speeds = spans.compactMap(\.perSecond)
    let range =
      speeds.isEmpty ? "not known" : "\(Figures.count(speeds.min() ?? 0)) to \(Figures.count(speeds.max() ?? 0))"
    return BarChart(
      id: "chart-throughput", title: "Throughput, entries per second",
      summary: "Entries per second of \(Figures.count(UInt64(spans.count), "span", "spans")) of epochs: \(range).",
      kind: "speed", bars: spans.map { BarChart.Bar(name: $0.title, value: $0.perSecond) }
    ).markup
  }

  private var entries: Markup {
    let counts = spans.map(\.entries)
    return BarChart(
      id: "chart-entries", title: "Entries",
      summary: """
        Entries of \(Figures.count(UInt64(spans.count), "span", "spans")) of epochs: \(Figures.count(counts.min() ?? 0)) to \
        \(Figures.count(counts.max() ?? 0)).
        """,
      kind: "entries", bars: spans.map { BarChart.Bar(name: $0.title, value: $0.entries) }
    ).markup
  }

  /// Counts on a scale of their own: beside all entries a few that failed would not be seen.
  private var notApplied: [Markup] {
    let affected = spans.filter { $0.notApplied > 0 }
    guard !affected.isEmpty else { return [Piece.note("No entry of any span was rejected or of unknown type.")] }
    let total = affected.reduce(UInt128(0)) { $0 + UInt128($1.notApplied) }
    return [
      BarChart(
        id: "chart-not-applied", title: "Entries that were rejected or of unknown type, on a scale of their own",
        summary: """
          Entries that were rejected or of unknown type: \(Figures.count(UInt64(clamping: total))) in \
          \(Figures.count(UInt64(affected.count), "span", "spans")), at most \
          \(Figures.count(affected.map(\.notApplied).max() ?? 0)) in one.
          """,
        kind: "failed", bars: spans.map { BarChart.Bar(name: $0.title, value: $0.notApplied) }
      ).markup
    ]
  }

  private var table: Markup {
    ReportTable(
      label: "Entries and time of each span of epochs",
      columns: [
        ("epochs", .words), ("entries", .number), ("not applied", .number), ("time", .number), ("entries/s", .number),
      ],
      rows: spans.map { span in
        [
          .text(span.name), .text(Figures.count(span.entries)), .text(Figures.count(span.notApplied)),
          .text(span.microseconds.map { Figures.seconds(microseconds: $0) } ?? "not known"),
          .text(span.perSecond.map(Figures.count) ?? "not known"),
        ]
      }
    ).markup
  }
}

/// Some epochs, one after the other in the log.
struct ReportedSpan {
  /// `4`, or `4–7`.
  let name: String
  /// `epoch 4`, or `epochs 4–7`.
  let title: String
  let entries: UInt64
  /// Rejected, or of unknown type.
  let notApplied: UInt64
  let microseconds: UInt64?

  /// - Parameter value: an element of `run.epochs.spans`.
  init(_ value: JSONValue) {
    let member = { (name: String) in value.objectValue?[name] ?? .null }
    let (first, last) = (ReportedEvidence.text(member("first")), ReportedEvidence.text(member("last")))
    name = first == last ? first : "\(first)\u{2013}\(last)"
    title = (first == last ? "epoch " : "epochs ") + name
    entries = ReportedEvidence.count(member("entries")) ?? 0
    notApplied = ReportedEvidence.count(member("not_applied")) ?? 0
    microseconds = Figures.microseconds(ReportedEvidence.text(member("seconds")))
  }

  var perSecond: UInt64? { microseconds.flatMap { Figures.perSecond(entries, microseconds: $0) } }
}
