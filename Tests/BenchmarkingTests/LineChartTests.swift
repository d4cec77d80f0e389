import Benchmarking
import Foundation
import ReplayTestSupport
import Testing

/// Charts as a browser shows them.
@Suite struct LineChartTests {
  private static let hostile = #"</text><script>alert("1" & '2')</script>"# + "\u{1}\u{FFFE}"

  private static func series(_ name: String, _ values: [(place: Double, median: Double, spread: Double)]) -> ChartSeries
  {
    ChartSeries(
      name,
      values.map {
        ChartPoint(place: $0.place, median: $0.median, spread: ($0.median - $0.spread)...($0.median + $0.spread))
      })
  }

  /// Two panels, with ends at the borders of the plot and whiskers beyond the points.
  private static func chart(_ name: String = "sizes", title: String = "Throughput against sizes") -> LineChart {
    let places = (2...10).map { Double(1 << (2 * $0)) }
    let one = series("1 worker", places.map { (place: $0, median: 40 * $0, spread: 4 * $0) })
    let two = series("2 workers", places.map { (place: $0, median: 75 * $0, spread: 0) })
    return LineChart(
      name: name, title: title, remarks: ["One remark", "Another one \(title)"],
      horizontal: ChartAxis(
        "bytes of each content", .logarithmic(base: 2), in: .bytes, ends: .values, of: places, tickCountMax: 9),
      panels: [
        ChartPanel("megabytes per second", .logarithmic(base: 10), series: [one, two]),
        ChartPanel("entries per second", series: [one, two]),
      ])
  }

  private static let shown = Result {
    try ChartFacts.read([("plain", chart().bytes), ("hostile", chart("hostile", title: hostile).bytes)])
  }

  private func facts(_ name: String) throws -> ChartFacts {
    try #require(try Self.shown.get().first { $0.name == name })
  }

  @Test func `a chart is a picture that needs nothing else, with words for who does not see it`() throws {
    let chart = try facts("plain")
    #expect(chart.root == "http://www.w3.org/2000/svg svg" && !chart.hasErrors)
    #expect(chart.title == "Throughput against sizes")
    #expect(chart.description.contains("megabytes per second, 2 workers, by bytes of each content: 16 B: 1.2 k"))
    #expect(Set(chart.elementNames).isSubset(of: ["title", "desc", "style", "rect", "g", "path", "text", "circle"]))
    let text = String(decoding: Self.chart().bytes, as: UTF8.self)
    #expect(!text.contains("url(") && !text.contains("@import") && !text.contains("href"))
    #expect(text.contains("role=\"img\" aria-labelledby=\"sizes-title sizes-description\""))
  }

  @Test func `texts lie in the picture, and none over another`() throws {
    let chart = try facts("plain")
    #expect(chart.overlaps.isEmpty && chart.outside.isEmpty, "\(chart.overlaps) \(chart.outside)")
    for text in ["1 worker", "2 workers", "megabytes per second", "bytes of each content", "1 MiB", "16 B"] {
      #expect(chart.texts.contains(text), "\(text)")
    }
  }

  @Test func `points lie in their plots, higher for more, and say their values`() throws {
    let chart = try facts("plain")
    #expect(chart.panels.count == 2)
    for panel in chart.panels {
      #expect(panel.points.count == 18)
      #expect(panel.points.allSatisfy(panel.grid.holds), "\(panel)")
      let (one, two) = (panel.points.prefix(9), panel.points.suffix(9))
      #expect(zip(one, two).allSatisfy { abs($0.x - $1.x) < 1 && $0.y > $1.y })
      #expect(zip(one, one.dropFirst()).allSatisfy { $0.x < $1.x && $0.y >= $1.y })
    }
    #expect(chart.pointTitles.first == "1 worker, 16 B: 640, 576 to 704")
    #expect(chart.pointTitles.last == "2 workers, 1 MiB: 78.6 M")
  }

  @Test func `every text has contrast on its ground, on light and dark systems`() throws {
    let dark = try #require(
      ChartFacts.read([("dark", Self.chart().bytes)], options: [HeadlessBrowser.dark]).first)
    let light = try facts("plain")
    #expect(light.ground == "rgb(255, 255, 255)" && dark.ground == "rgb(18, 20, 23)")
    #expect(min(light.leastContrast, dark.leastContrast) >= 4.5)
  }

  @Test func `whatever a text holds, it stays a text`() throws {
    let chart = try facts("hostile")
    #expect(!chart.hasErrors && chart.root == "http://www.w3.org/2000/svg svg")
    #expect(!chart.elementNames.contains("script"))
    #expect(chart.title == #"</text><script>alert("1" & '2')</script>\u{1}\u{fffe}"#)
  }

  @Test func `another parser of XML reads it, and the same values give the same bytes`() throws {
    let folder = try TemporaryFolder()
    for (name, chart) in [("plain", Self.chart()), ("hostile", Self.chart("hostile", title: Self.hostile))] {
      try folder.write(chart.bytes, "\(name).svg")
      let run = try CommandLineRun(
        shell:
          "python3 -c 'import sys, xml.dom.minidom; print(xml.dom.minidom.parse(sys.argv[1]).documentElement.tagName)' \(name).svg",
        folder: folder.path)
      #expect(run.status == 0 && run.output == Array("svg\n".utf8), "\(run.errors)")
    }
    #expect(Self.chart().bytes == Self.chart().bytes)
    #expect(Self.chart().bytes != Self.chart("other").bytes)
  }

  @Test func `a whisker is drawn where runs differ, a reference has no points`() throws {
    let values = ChartSeries(
      "measured", [ChartPoint(place: 1, median: 2, spread: 1...3), ChartPoint(place: 2, median: 4, spread: 4...4)])
    let ideal = ChartSeries("ideal", kind: .reference, values.points)
    let chart = LineChart(
      name: "workers", title: "Workers", remarks: [],
      horizontal: ChartAxis("workers", ends: .values, of: [1, 2]),
      panels: [ChartPanel("speed", series: [values, ideal])])
    let text = String(decoding: chart.bytes, as: UTF8.self)
    #expect(text.components(separatedBy: "class=\"whisker ").count == 2)
    let facts = try #require(ChartFacts.read([("one", chart.bytes)]).first)
    #expect(facts.panels.map(\.points.count) == [2])
    #expect(facts.texts.contains("ideal") && facts.overlaps.isEmpty)
  }
}
