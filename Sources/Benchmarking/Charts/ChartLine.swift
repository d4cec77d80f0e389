internal import PageMarkup

/// One series in a plot: the line through its points, whiskers, and the points above them.
struct ChartLine {
  private static let capHalf = 35
  /// Between the whiskers of two series at one place: each is seen.
  private static let whiskerStep = 50

  let series: ChartSeries
  /// Among the series of the panel: which colour and shape it has.
  let place: Int
  /// Series of the panel that were measured.
  let measuredCount: Int
  let frame: ChartFrame

  private var colour: Int { place % ChartStyle.seriesCount }

  var markup: Markup {
    .tag("g", [:], series.kind == .reference ? [line] : [line] + series.points.flatMap(marks))
  }

  private var line: Markup {
    let places = series.points.map { ChartFrame.place(frame.x($0.place), frame.y($0.median)) }
    let kind = series.kind == .reference ? "reference" : "line s\(colour)"
    return .tag("path", ["class": kind, "d": places.isEmpty ? "" : "M" + places.joined(separator: "L")])
  }

  private func marks(_ point: ChartPoint) -> [Markup] {
    let marker = ChartMarker(place: colour).markup(
      x: frame.x(point.place), y: frame.y(point.median), title: LineChart.visible(sentence(point)))
    return point.spread.lowerBound < point.spread.upperBound ? [whisker(point), marker] : [marker]
  }

  private func whisker(_ point: ChartPoint) -> Markup {
    let x = frame.x(point.place) + (2 * place - measuredCount + 1) * ChartLine.whiskerStep / 2
    let (low, high) = (frame.y(point.spread.lowerBound), frame.y(point.spread.upperBound))
    let cap = { (y: Int) in
      "M\(ChartFrame.place(x - ChartLine.capHalf, y))H\(ChartFrame.decimal(x + ChartLine.capHalf))"
    }
    return .tag(
      "path",
      [
        "class": "whisker s\(colour)",
        "d": "\(cap(low))M\(ChartFrame.place(x, low))V\(ChartFrame.decimal(high))\(cap(high))",
      ])
  }

  /// What is said where the point is pointed at.
  private func sentence(_ point: ChartPoint) -> String {
    let label = frame.vertical.unit.label
    let spread =
      point.spread.lowerBound < point.spread.upperBound
      ? ", \(label(point.spread.lowerBound)) to \(label(point.spread.upperBound))" : ""
    return "\(series.name), \(frame.horizontal.unit.label(point.place)): \(label(point.median))\(spread)"
  }
}

/// The shape of a series' points: a circle, a square, a diamond.
struct ChartMarker {
  let place: Int

  func markup(x: Int, y: Int, title: String? = nil) -> Markup {
    let titles: [Markup] = title.map { [.tag("title", text: $0)] } ?? []
    let (left, top) = (ChartFrame.decimal(x - 40), ChartFrame.decimal(y - 40))
    switch place {
    case 0:
      return .tag(
        "circle", ["class": "m0", "cx": ChartFrame.decimal(x), "cy": ChartFrame.decimal(y), "r": "4.5"], titles)
    case 1: return .tag("rect", ["class": "m1", "x": left, "y": top, "width": "8", "height": "8"], titles)
    default:
      let corners = [(x, y - 55), (x + 55, y), (x, y + 55), (x - 55, y)]
      let points = corners.map { "\(ChartFrame.decimal($0)),\(ChartFrame.decimal($1))" }.joined(separator: " ")
      return .tag("polygon", ["class": "m2", "points": points], titles)
    }
  }
}
