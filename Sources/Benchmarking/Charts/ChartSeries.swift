/// What was measured at one place of the horizontal axis.
package struct ChartPoint: Equatable, Sendable {
  /// Where it stands on the horizontal axis.
  package let place: Double
  package let median: Double
  /// The least and the greatest of what was measured.
  package let spread: ClosedRange<Double>

  package init(place: Double, median: Double, spread: ClosedRange<Double>) {
    self.place = place
    self.median = median
    self.spread = spread
  }
}

/// Points that one line leads through.
package struct ChartSeries: Sendable {
  package enum Kind: Hashable, Sendable {
    /// Measured: points, and whiskers over what was measured of each.
    case measured
    /// What something else would be by arithmetic: a line without points.
    case reference
  }

  package let name: String
  package let kind: Kind
  /// In the order of their places.
  package let points: [ChartPoint]

  package init(_ name: String, kind: Kind = .measured, _ points: [ChartPoint]) {
    self.name = name
    self.kind = kind
    self.points = points
  }
}

/// One quantity over the horizontal axis that all panels of a chart have.
package struct ChartPanel: Sendable {
  package let axis: ChartAxis
  package let series: [ChartSeries]

  /// - Parameter spacing: of the vertical axis; linear ones begin at 0.
  package init(
    _ title: String, _ spacing: ChartAxis.Spacing = .linear, in unit: ChartUnit = .count, series: [ChartSeries]
  ) {
    let values = series.flatMap(\.points).flatMap { [$0.median, $0.spread.lowerBound, $0.spread.upperBound] }
    axis = ChartAxis(title, spacing, in: unit, ends: .lines, of: values)
    self.series = series
  }
}
