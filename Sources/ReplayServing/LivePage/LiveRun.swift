internal import PageMarkup
internal import StorageProtocol

/// A run on the live page.
struct LiveRun {
  private let run: ServedRun
  /// From 0.
  private let number: Int

  init(_ run: ServedRun, number: Int) {
    self.run = run
    self.number = number
  }

  var section: Markup {
    .tag(
      "section", ["id": "run-\(number)", "class": "run"],
      [
        .tag("h2", [:], [.tag("bdi", text: PrintableText.visible(run.target)), .text(" "), badge]),
        .tag("p", ["class": "log"], [.tag("bdi", text: PrintableText.visible(run.log))]),
      ] + content)
  }

  private var badge: Markup {
    let (kind, text) =
      switch run.phase {
      case .waiting: ("waiting", "waiting")
      case .running: ("running", "running")
      case .ended(let end, _): (LiveRun.kind(end), end.verdict ?? "FAILED")
      }
    return .tag("span", ["class": "badge \(kind)"], text: text)
  }

  private static func kind(_ end: ServedEnd) -> String {
    switch end.exitStatus {
    case 0: end.verdict == "PASSED" ? "good" : "neutral"
    case 3: "warned"
    default: "bad"
    }
  }

  private var content: [Markup] {
    switch run.phase {
    case .waiting: [.tag("p", ["class": "note"], text: "Begins when the runs before it have ended.")]
    case .running(let progress):
      [whole(progress), tiles(progress), RateGraph(progress.rates).figure, LiveSteps(progress).table]
    case .ended(let end, let progress): result(end, progress) + [LiveSteps(progress).table]
    }
  }

  // MARK: A run that is going

  private func whole(_ progress: ServedProgress) -> Markup {
    guard let fraction = progress.fractionMillionths else {
      return .tag(
        "p", ["class": "note whole"], text: "How long the log is, is not known: what of it is done cannot be told.")
    }
    return .tag(
      "div", ["class": "whole"],
      [
        .tag("p", [:], [.tag("strong", text: Decimal.percent(fraction)), " of all readings of the log"]),
        Bar.of(fraction, label: Decimal.percent(fraction)),
      ])
  }

  private func tiles(_ progress: ServedProgress) -> Markup {
    let read =
      progress.storedBytes.map { "\(Figures.count(progress.bytesRead)) of \(Figures.count($0)) bytes" }
      ?? Figures.count(progress.bytesRead, "byte", "bytes")
    return LiveRun.list([
      ("step", "Step", progress.step ?? "none yet"), ("elapsed", "Elapsed", Decimal.time(progress.elapsed)),
      ("remaining", "Remaining", progress.remaining.map { "about \(Decimal.time($0))" } ?? "not known"),
      ("entries", "Entries of this reading", Figures.count(progress.entries)), ("read", "Read", read),
      ("entry-rate", "Entries a second", progress.entriesPerSecond.map(Figures.count) ?? "not known"),
      ("byte-rate", "Bytes a second", progress.bytesPerSecond.map(Figures.count) ?? "not known"),
      ("workers", "Workers", progress.workers.map { "\($0)" } ?? "not known"),
      ("started", "Started", progress.start.shown),
    ])
  }

  private static func list(_ items: [(id: String, name: String, value: String)]) -> Markup {
    .tag(
      "dl", ["class": "tiles"],
      items.map { item in
        .tag(
          "div", ["class": "tile \(item.id)"],
          [.tag("dt", text: item.name), .tag("dd", text: PrintableText.visible(item.value))])
      })
  }

  // MARK: A run that has ended

  private func result(_ end: ServedEnd, _ progress: ServedProgress) -> [Markup] {
    let problems: [Markup] =
      end.problems.isEmpty
      ? [] : [.tag("ul", ["class": "problems"], end.problems.map { .tag("li", text: PrintableText.visible($0)) })]
    let rows =
      [
        ("verdict", end.verdict ?? "none: the run came to no result"), ("exit status", "\(end.exitStatus)"),
        ("started", progress.start.shown), ("elapsed", Decimal.time(progress.elapsed)),
      ] + end.rows
    return problems + [
      .tag(
        "div", ["class": "wide"],
        [
          .tag(
            "table", ["class": "result"],
            [
              .tag(
                "tbody", [:],
                rows.map { row in
                  .tag(
                    "tr", [:],
                    [
                      .tag("th", ["scope": "row"], text: row.0),
                      .tag("td", [:], [.tag("bdi", text: PrintableText.visible(row.1))]),
                    ])
                })
            ])
        ])
    ]
  }
}
