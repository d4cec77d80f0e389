/// The picture of a curve.
package struct CurveChart: Sendable {
  /// Letters that fit in a line below the title.
  private static let remarkLengthMax = 105

  private let measured: CurveDocument.Points
  private let document: CurveDocument

  /// - Parameter measured: one of the curves of `document`.
  package init(_ measured: CurveDocument.Points, of document: CurveDocument) {
    self.measured = measured
    self.document = document
  }

  private var curve: Curve { measured.curve }

  package var chart: LineChart {
    let places = measured.points.map { Double($0.place) }
    return LineChart(
      name: curve.rawValue, title: curve.title, remarks: remarks,
      horizontal: ChartAxis(
        curve.placeTitle, curve.placeSpacing, in: curve.placeUnit, ends: .values, of: places, tickCountMax: 9),
      panels: curve.quantities.map { quantity, spacing in
        ChartPanel(quantity.title, spacing, in: quantity.unit, series(quantity))
      })
  }

  // MARK: Lines

  /// A line for each number of workers; where workers are what is varied, one, and what the first point would come to.
  private func series(_ quantity: CurveQuantity) -> [ChartSeries] {
    guard curve != .workers else { return workerSeries(quantity) }
    return Set(measured.points.map(\.workerCount)).sorted().map { workerCount in
      ChartSeries(
        workerCount == 1 ? "1 worker" : "\(workerCount) workers",
        points(measured.points.filter { $0.workerCount == workerCount }, quantity))
    }
  }

  private func workerSeries(_ quantity: CurveQuantity) -> [ChartSeries] {
    let points = points(measured.points, quantity)
    guard let first = points.first, first.place > 0 else { return [ChartSeries("measured", points)] }
    let end = min(Double(document.origin.processorCount), points.last?.place ?? first.place)
    let ideal = [first.place, max(end, first.place)].map { place in
      let value = first.median * place / first.place
      return ChartPoint(place: place, median: value, spread: value...value)
    }
    return [
      ChartSeries("measured", points),
      ChartSeries("1 worker, times workers, up to as many as processors", kind: .reference, ideal),
    ]
  }

  private func points(_ points: [CurveDocument.Point], _ quantity: CurveQuantity) -> [ChartPoint] {
    points.sorted { $0.place < $1.place }.compactMap { point in
      document.samples(of: point).map { log, samples in
        let values = samples.map { quantity.value($0, of: log) }.sorted()
        return ChartPoint(
          place: Double(point.place), median: CurveChart.median(values),
          spread: values[0]...values[values.count - 1])
      }
    }
  }

  /// - Parameter values: ascending, at least one.
  static func median(_ values: [Double]) -> Double {
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }

  // MARK: Words

  private var remarks: [String] {
    let origin = document.origin
    let runs =
      origin.runCount == 1 ? "one run each" : "medians of \(origin.runCount) runs, whiskers from the least to the most"
    let processors = origin.processorCount == 1 ? "1 processor" : "\(origin.processorCount) processors"
    return [curve.description(entryCounts: entryCounts), "\(runs) · \(origin.processor), \(processors) · \(origin.version)"]
      .map { $0.count > CurveChart.remarkLengthMax ? $0.prefix(CurveChart.remarkLengthMax - 1) + "…" : $0 }
  }

  private var entryCounts: ClosedRange<UInt64> {
    let counts = measured.points.compactMap { document.samples(of: $0)?.log.entryCount }
    return (counts.min() ?? 0)...(counts.max() ?? 0)
  }
}
