internal import PageMarkup

/// The lines of both axes with their labels.
struct ChartGrid {
  let frame: ChartFrame

  var markup: Markup { .tag("g", [:], rows + columns) }

  private var rows: [Markup] {
    frame.vertical.ticks.enumerated().flatMap { place, value in
      let y = frame.y(value)
      return [
        .tag(
          "path",
          [
            "class": place == 0 ? "base" : "grid",
            "d": "M\(ChartFrame.place(frame.left, y))H\(ChartFrame.decimal(frame.right))",
          ]),
        LineChart.text(frame.vertical.unit.label(value), "soft", x: frame.left - 80, y: y + 40, anchor: "end"),
      ]
    }
  }

  private var columns: [Markup] {
    frame.horizontal.ticks.flatMap { value -> [Markup] in
      let x = frame.x(value)
      return [
        .tag(
          "path",
          [
            "class": "base",
            "d": "M\(ChartFrame.place(x, frame.bottom))V\(ChartFrame.decimal(frame.bottom + 50))",
          ]),
        LineChart.text(
          frame.horizontal.unit.label(value), "soft", x: x, y: frame.bottom + 210, anchor: "middle"),
      ]
    }
  }
}
