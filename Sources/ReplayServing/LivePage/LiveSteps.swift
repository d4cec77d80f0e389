internal import PageMarkup
internal import ReplayEvidence

/// The steps of a run, a row each, with the part of its time that each has taken.
struct LiveSteps {
  private let progress: ServedProgress

  init(_ progress: ServedProgress) { self.progress = progress }

  var table: Markup {
    .tag(
      "div", ["class": "wide"],
      [
        .tag(
          "table", ["class": "steps"],
          [
            .tag(
              "thead", [:],
              [
                .tag(
                  "tr", [:],
                  ["Step", "State", "Time", "Entries", "Share"].map { .tag("th", ["scope": "col"], text: $0) })
              ]),
            .tag("tbody", [:], progress.steps.map(row)),
          ])
      ])
  }

  private func row(_ step: ServedProgress.Step) -> Markup {
    let hasBegun = step.state.hasBegun
    let part = LiveSteps.millionths(step.elapsed, of: progress.elapsed)
    return .tag(
      "tr", ["class": "step-\(step.name) \(step.state.rawValue)"],
      [
        .tag("th", ["scope": "row"], text: step.name), .tag("td", text: step.state.rawValue),
        .tag("td", ["class": "number"], text: hasBegun ? Decimal.time(step.elapsed) : ""),
        .tag("td", ["class": "number"], text: step.entries > 0 ? Figures.count(step.entries) : ""),
        .tag("td", ["class": "part"], hasBegun ? [Bar.of(part, label: Decimal.percent(part))] : []),
      ])
  }

  private static func millionths(_ part: Duration, of whole: Duration) -> Int {
    let all = whole.microseconds
    return all > 0 ? Int(min(1_000_000, part.microseconds * 1_000_000 / all)) : 0
  }
}

/// A bar that is full to a part of its length.
enum Bar {
  private static let length = 1000

  static func of(_ millionths: Int, label: String) -> Markup {
    .tag(
      "svg",
      [
        "class": "bar", "viewBox": "0 0 \(length) 10", "preserveAspectRatio": "none", "role": "img",
        "aria-label": label,
      ],
      [
        .tag("rect", ["class": "track", "width": "\(length)", "height": "10"]),
        .tag("rect", ["class": "fill", "width": "\(millionths * length / 1_000_000)", "height": "10"]),
      ])
  }
}
