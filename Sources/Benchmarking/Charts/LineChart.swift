internal import PageMarkup
internal import StorageProtocol

/// Measured quantities over one axis, a panel each, as a picture of its own (SVG 1.1 and CSS media queries).
///
/// The picture needs nothing else, runs nothing, has light and dark colours, and says what it shows to who does not see it.
package struct LineChart: Sendable {
  /// All lengths in tenths of the picture's units.
  private static let width = 7600
  private static let (marginLeft, marginRight) = (720, 240)
  /// Of the only panel, and of each of several.
  private static let (tallHeight, lowHeight) = (2800, 1900)
  /// From the upper border of the picture to the first panel; from the top of a panel to its plot; below it, the last one's title.
  private static let (header, panelHeader, tickFooter, titleFooter) = (1040, 300, 380, 240)

  private let name: String
  private let title: String
  private let remarks: [String]
  private let horizontal: ChartAxis
  private let panels: [ChartPanel]

  /// - Parameters:
  ///   - name: what ids of the picture begin with.
  ///   - remarks: lines below the title.
  ///   - panels: at least one. All have the same series, but for those of arithmetic.
  package init(name: String, title: String, remarks: [String], horizontal: ChartAxis, panels: [ChartPanel]) {
    precondition(!panels.isEmpty, "a chart shows something")
    self.name = name
    self.title = title
    self.remarks = remarks
    self.horizontal = horizontal
    self.panels = panels
  }

  /// The picture in UTF-8: the same bytes for the same values.
  package var bytes: [UInt8] {
    var output: [UInt8] = []
    picture.append(to: &output)
    return output
  }

  // MARK: Lengths

  private var remarkHeight: Int { max(0, remarks.count - 1) * 180 }
  private var legendTop: Int { 720 + remarkHeight }
  private var plotHeight: Int { panels.count == 1 ? LineChart.tallHeight : LineChart.lowHeight }
  private var panelHeight: Int { LineChart.panelHeader + plotHeight + LineChart.tickFooter }
  private var height: Int { LineChart.header + remarkHeight + panels.count * panelHeight + LineChart.titleFooter }

  private func frame(_ place: Int) -> ChartFrame {
    ChartFrame(
      left: LineChart.marginLeft,
      top: LineChart.header + remarkHeight + place * panelHeight + LineChart.panelHeader,
      width: LineChart.width - LineChart.marginLeft - LineChart.marginRight, height: plotHeight,
      horizontal: horizontal, vertical: panels[place].axis)
  }

  // MARK: Picture

  private var picture: Markup {
    let (width, height) = (ChartFrame.decimal(LineChart.width), ChartFrame.decimal(height))
    return .tag(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height, "viewBox": "0 0 \(width) \(height)",
        "role": "img", "aria-labelledby": "\(name)-title \(name)-description",
      ],
      [
        .tag("title", ["id": "\(name)-title"], text: LineChart.visible(title)),
        .tag("desc", ["id": "\(name)-description"], text: LineChart.visible(summary)),
        .styleSheet(ChartStyle.text),
        .tag("rect", ["class": "ground", "width": width, "height": height]), header,
      ] + panels.indices.map(panel))
  }

  /// What XML cannot hold is named by its number.
  static func visible(_ text: String) -> String { PrintableText.visible(text) }

  private var header: Markup {
    let remarks = remarks.enumerated().map { line, remark in
      LineChart.text(remark, "soft", x: LineChart.marginLeft, y: 520 + 180 * line)
    }
    let title = LineChart.text(title, "title", x: LineChart.marginLeft, y: 320)
    return .tag(
      "g", [:], [title] + remarks + [ChartLegend(series: series).markup(x: LineChart.marginLeft, y: legendTop)])
  }

  /// Those of all panels, each name once.
  private var series: [ChartSeries] {
    panels.flatMap(\.series).reduce(into: []) { known, next in
      if !known.contains(where: { $0.name == next.name }) { known.append(next) }
    }
  }

  private func panel(_ place: Int) -> Markup {
    let frame = frame(place)
    let isLast = place == panels.count - 1
    let named = LineChart.text(frame.vertical.title, "name", x: frame.left, y: frame.top - 130)
    let below = LineChart.text(
      horizontal.title, "name", x: frame.left + frame.width / 2, y: frame.bottom + 480, anchor: "middle")
    let series = panels[place].series
    let measuredCount = series.count { $0.kind == .measured }
    let lines = series.enumerated().map { place, series in
      ChartLine(series: series, place: place, measuredCount: measuredCount, frame: frame).markup
    }
    return .tag(
      "g", ["class": "panel"], [named, ChartGrid(frame: frame).markup] + lines + (isLast ? [below] : []))
  }

  /// All values in words.
  private var summary: String {
    let sentences = panels.flatMap { panel in
      panel.series.filter { $0.kind == .measured }.map { series in
        let points = series.points.map { point in
          "\(horizontal.unit.label(point.place)): \(panel.axis.unit.label(point.median))"
        }
        return "\(panel.axis.title), \(series.name), by \(horizontal.title): \(points.joined(separator: ", "))."
      }
    }
    return (remarks.map { "\($0)." } + sentences).joined(separator: " ")
  }

  static func text(_ text: String, _ kind: String, x: Int, y: Int, anchor: String = "start") -> Markup {
    .tag(
      "text",
      ["class": kind, "x": ChartFrame.decimal(x), "y": ChartFrame.decimal(y), "text-anchor": anchor],
      text: visible(text))
  }
}
