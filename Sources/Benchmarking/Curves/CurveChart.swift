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
        curve.placeTitle, curve.placeSpacing, in: curve.placeUnit, ends: .values, of: places, tickCountMax: 10),
      panels: curve.quantities.map { quantity, spacing in
        ChartPanel(quantity.title, spacing, in: quantity.unit, series: series(quantity))
      })
  }

  // MARK: Lines

  /// A line for each number of workers; where workers are what is varied, one, and what the first point would come to.
  private func series(_ quantity: CurveQuantity) -> [ChartSeries] {
    guard curve != .workers else { return workerSeries(quantity) }
    return Set(measured.points.map(\.workers)).sorted().map { workers in
      ChartSeries(
        Contender(workers: workers).name,
        points(measured.points.filter { $0.workers == workers }, quantity))
    }
  }

  private func workerSeries(_ quantity: CurveQuantity) -> [ChartSeries] {
    let points = points(measured.points, quantity)
    guard let first = points.first, first.place > 0 else { return [ChartSeries("measured", points)] }
    let end = min(Double(document.machine.cores), points.last?.place ?? first.place)
    let ideal = [first.place, max(end, first.place)].map { place in
      let value = first.median * place / first.place
      return ChartPoint(place: place, median: value, spread: value...value)
    }
    return [
      ChartSeries("measured", points),
      ChartSeries("the speed of 1 worker times workers, up to the cores", kind: .reference, ideal),
    ]
  }

  private func points(_ points: [CurveDocument.Point], _ quantity: CurveQuantity) -> [ChartPoint] {
    points.sorted { $0.place < $1.place }.compactMap { point in
      document.samples(of: point).map { log, samples in
        let values = samples.map { quantity.value($0, of: log) }.sorted()
        return ChartPoint(
          place: Double(point.place), median: values.median,
          spread: values[0]...values[values.count - 1])
      }
    }
  }

  // MARK: Words

  private var remarks: [String] {
    let (runs, cores) = (document.circumstances.runs, document.machine.cores)
    let measured = runs == 1 ? "one run each" : "medians of \(runs) runs, whiskers from the least to the most"
    let machine = "\(document.machine.processor), \(cores == 1 ? "1 core" : "\(cores) cores")"
    return [curve.description(entryCounts: entryCounts), "\(measured) · \(machine) · \(document.program.version)"]
      .map { $0.count > CurveChart.remarkLengthMax ? $0.prefix(CurveChart.remarkLengthMax - 1) + "…" : $0 }
  }

  private var entryCounts: ClosedRange<UInt64> {
    let counts = measured.points.compactMap { document.samples(of: $0)?.log.entryCount }
    return (counts.min() ?? 0)...(counts.max() ?? 0)
  }
}
