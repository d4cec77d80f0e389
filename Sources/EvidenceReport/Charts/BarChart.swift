internal import PageMarkup

/// Counts, a bar each, from 0 on: as SVG that stretches to whatever room there is, with its scale as text beside it.
///
/// Letters in a picture would shrink with it; here only bars do.
struct BarChart {
  /// From this number of bars on, only the first, middle and last have their names below.
  private static let namedMax = 8
  /// Units of the drawing a bar and the gap behind it, and all of its height.
  private static let (step, height): (UInt64, UInt64) = (10, 1000)
  /// The lowest bar: a count that is not 0 is seen.
  private static let leastHeight: UInt64 = 12

  struct Bar {
    /// What stands below, and in front of its value where the bar is pointed at.
    let name: String
    /// Nil where there is none: that is not 0.
    let value: UInt64?
  }

  /// The `id` of the picture, for its title.
  let id: String
  /// What is counted, with its unit.
  let title: String
  /// The same in a sentence, with the numbers that matter, for those who do not see the picture.
  let summary: String
  /// The class of the bars.
  let kind: String
  let bars: [Bar]

  var markup: Markup {
    .tag(
      "figure", ["class": "chart \(kind)"],
      [
        .tag("figcaption", text: title),
        .tag("div", ["class": "plot"], [scale, picture]),
        .tag("div", ["class": names.count == bars.count ? "names each" : "names", "aria-hidden": "true"], names),
      ])
  }

  // MARK: Scale

  /// The value at the upper end: an even number of powers of ten, so that half of it is a count too.
  private var top: UInt64 {
    let highest = bars.compactMap(\.value).max() ?? 0
    var unit: UInt64 = 1
    while true {
      if let factor = ([2, 4, 6, 8, 10, 12, 16] as [UInt64]).first(where: {
        unit.multipliedFullWidth(by: $0).high == 0 && highest <= unit * $0
      }) {
        return unit * factor
      }
      let (next, overflow) = unit.multipliedReportingOverflow(by: 10)
      guard !overflow else { return .max }
      unit = next
    }
  }

  private var scale: Markup {
    let values = [top, top / 2, 0]
    return .tag("div", ["class": "scale", "aria-hidden": "true"], values.map { .tag("span", text: Figures.count($0)) })
  }

  private var names: [Markup] {
    guard bars.count > BarChart.namedMax else { return bars.map { .tag("span", text: $0.name) } }
    return [bars[0], bars[bars.count / 2], bars[bars.count - 1]].map { .tag("span", text: $0.name) }
  }

  // MARK: Picture

  private var picture: Markup {
    let width = UInt64(bars.count) * BarChart.step
    return .tag(
      "svg",
      [
        "role": "img", "aria-labelledby": "\(id)-title", "viewBox": "0 0 \(width) \(BarChart.height)",
        "preserveAspectRatio": "none",
      ],
      [.tag("title", ["id": "\(id)-title"], text: summary)] + lines(width) + bars.enumerated().map(bar))
  }

  private func lines(_ width: UInt64) -> [Markup] {
    [0, BarChart.height / 2, BarChart.height].map { y in
      .tag("line", ["x1": "0", "x2": "\(width)", "y1": "\(y)", "y2": "\(y)", "vector-effect": "non-scaling-stroke"])
    }
  }

  private func bar(_ place: Int, _ bar: Bar) -> Markup {
    let (x, width): (UInt64, UInt64) = bars.count > BarChart.namedMax ? (1, 8) : (3, 4)
    let value = bar.value ?? 0
    let exact = UInt64(UInt128(value) * UInt128(BarChart.height) / UInt128(max(top, 1)))
    let height = value == 0 ? 0 : max(exact, BarChart.leastHeight)
    return .tag(
      "rect",
      [
        "x": "\(UInt64(place) * BarChart.step + x)", "width": "\(width)", "y": "\(BarChart.height - height)",
        "height": "\(height)",
      ],
      [.tag("title", text: "\(bar.name): \(bar.value.map(Figures.count) ?? "not known")")])
  }
}
