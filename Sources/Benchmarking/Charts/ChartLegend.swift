internal import PageMarkup

/// What the lines of a chart are, in one row.
struct ChartLegend {
  /// Tenths that a letter takes at most, on average over a name, in any of the fonts.
  private static let letterWidth = 78
  private static let (lineWidth, gap) = (260, 240)

  let series: [ChartSeries]

  func markup(x: Int, y: Int) -> Markup {
    var next = x
    var pieces: [Markup] = []
    for (place, series) in series.enumerated() {
      pieces += ChartLegend.entry(series, place % ChartStyle.seriesCount, x: next, y: y)
      next += ChartLegend.lineWidth + 80 + series.name.count * ChartLegend.letterWidth + ChartLegend.gap
    }
    return .tag("g", [:], pieces)
  }

  private static func entry(_ series: ChartSeries, _ colour: Int, x: Int, y: Int) -> [Markup] {
    let kind = series.kind == .reference ? "reference" : "line s\(colour)"
    let line = Markup.tag(
      "path", ["class": kind, "d": "M\(ChartFrame.place(x, y))H\(ChartFrame.decimal(x + lineWidth))"])
    let marker = series.kind == .reference ? [] : [ChartMarker(place: colour).markup(x: x + lineWidth / 2, y: y)]
    return [line] + marker + [LineChart.text(series.name, "legend", x: x + lineWidth + 80, y: y + 45)]
  }
}
