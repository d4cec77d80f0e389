internal import PageMarkup

/// The lines of both axes with their labels.
struct ChartGrid {
  let frame: ChartFrame

  var markup: Markup {
    .group([.tag("g", ["class": "lines"], rows), .tag("g", [:], columns), .tag("g", [:], rowLabels + columnLabels)])
  }

  /// Across the plot.
  private var rows: [Markup] {
    frame.vertical.ticks.enumerated().map { place, value in
      let start = ChartFrame.place(frame.left, frame.y(value))
      return .tag(
        "path", ["class": place == 0 ? "base" : "grid", "d": "M\(start)H\(ChartFrame.decimal(frame.right))"])
    }
  }

  private var rowLabels: [Markup] {
    frame.vertical.ticks.map { value in
      LineChart.text(
        frame.vertical.unit.label(value), "soft", x: frame.left - 80, y: frame.y(value) + 40, anchor: "end")
    }
  }

  /// Below the plot.
  private var columns: [Markup] {
    frame.horizontal.ticks.map { value in
      let start = ChartFrame.place(frame.x(value), frame.bottom)
      return .tag("path", ["class": "base", "d": "M\(start)V\(ChartFrame.decimal(frame.bottom + 50))"])
    }
  }

  private var columnLabels: [Markup] {
    frame.horizontal.ticks.map { value in
      LineChart.text(
        frame.horizontal.unit.label(value), "soft", x: frame.x(value), y: frame.bottom + 210, anchor: "middle")
    }
  }
}
