internal import PageMarkup
internal import ReplayMetrics
internal import StorageProtocol

/// The page `/`: every run, how far it is or what came of it, without a script and without anything from elsewhere.
///
/// While a run is going it loads itself again every two seconds, unless it is paused.
struct LivePage {
  static let refreshSeconds = 2

  private let runs: ServedRuns
  private let isPaused: Bool

  init(_ runs: ServedRuns, isPaused: Bool) {
    self.runs = runs
    self.isPaused = isPaused
  }

  var bytes: [UInt8] {
    var output = Array("<!DOCTYPE html>\n".utf8)
    Markup.tag("html", ["lang": "en"], [head, body]).append(to: &output)
    return output
  }

  private var head: Markup {
    let refresh: [Markup] =
      runs.isRunning && !isPaused
      ? [.tag("meta", ["http-equiv": "refresh", "content": "\(LivePage.refreshSeconds)"])] : []
    return .tag(
      "head", [:],
      [
        .tag("meta", ["charset": "utf-8"]),
        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .tag("meta", ["name": "color-scheme", "content": "light dark"]),
        .tag("title", text: "\(title) – eqm-replay"),
      ] + refresh + [.styleSheet(LiveStyle.text)])
  }

  /// What a tab of a browser shows.
  private var title: String {
    let run = runs.current
    let state =
      switch run.phase {
      case .waiting: "waiting"
      case .running(let progress): progress.fractionMillionths.map(Decimal.percent) ?? progress.step ?? "running"
      case .ended(let end, _): end.verdict ?? "FAILED"
      }
    return "\(state) – \(PrintableText.visible(run.target))"
  }

  private var body: Markup {
    .tag(
      "body", [:],
      [
        .tag("header", [:], [.tag("h1", text: "eqm-replay"), .tag("p", text: runs.build.version)] + refreshing),
        .tag("main", [:], runs.runs.enumerated().map { LiveRun($1, number: $0).section }),
        .tag(
          "footer", [:],
          [
            .tag(
              "nav", [:],
              ["metrics", "status", "healthz"].map { .tag("a", ["href": "/\($0)"], text: "/\($0)") })
          ]),
      ])
  }

  private var refreshing: [Markup] {
    guard runs.isRunning else { return [] }
    return [
      .tag(
        "nav", [:],
        [
          isPaused
            ? .tag("a", ["id": "go-on", "href": "/"], text: "Go on")
            : .tag("a", ["id": "pause", "href": "/?pause"], text: "Pause")
        ])
    ]
  }
}
