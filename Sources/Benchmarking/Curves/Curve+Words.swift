internal import PageMarkup

extension Curve {
  var title: String {
    switch self {
    case .workers: "Throughput against workers"
    case .entries: "Throughput against entries"
    case .contentSize: "Throughput against the size of contents"
    case .skew: "Throughput against skew"
    case .epochs: "Throughput against the length of epochs"
    case .cost: "Cost of an entry against entries"
    case .memory: "Memory against entries"
    }
  }

  /// What the horizontal axis is.
  var placeTitle: String {
    switch self {
    case .workers: "workers"
    case .entries, .cost, .memory: "entries of the log"
    case .contentSize: "bytes of each content"
    case .skew: "entries of a hundred that store one object, another version each time"
    case .epochs: "data entries between two advancements of the epoch"
    }
  }

  var placeSpacing: ChartAxis.Spacing {
    switch self {
    case .workers, .skew: .linear
    case .entries, .cost, .memory, .epochs: .logarithmic(base: 10)
    case .contentSize: .logarithmic(base: 2)
    }
  }

  var placeUnit: ChartUnit {
    switch self {
    case .workers, .entries, .cost, .memory, .epochs: .count
    case .contentSize: .bytes
    case .skew: .percent
    }
  }

  /// A panel each. What spans powers of ten is logarithmic, so that its small values are seen.
  var quantities: [(quantity: CurveQuantity, spacing: ChartAxis.Spacing)] {
    switch self {
    case .workers, .entries, .skew, .epochs: [(.entriesPerSecond, .linear)]
    case .contentSize: [(.megabytesPerSecond, .logarithmic(base: 10)), (.entriesPerSecond, .logarithmic(base: 10))]
    case .cost: [(.processorMicrosecondsPerEntry, .linear)]
    case .memory:
      [(.peakMemoryBytesPerEntry, .logarithmic(base: 2)), (.peakMemoryBytes, .logarithmic(base: 2))]
    }
  }

  /// Which logs were replayed.
  func description(entryCounts: ClosedRange<UInt64>) -> String {
    let count =
      entryCounts.lowerBound == entryCounts.upperBound
      ? Figures.count(entryCounts.lowerBound)
      : "\(Figures.count(entryCounts.lowerBound)) to \(Figures.count(entryCounts.upperBound))"
    return switch self {
    case .workers, .entries: "Replays of recorded events without content, \(count) entries"
    case .contentSize: "Replays of archives of \(count) entries whose contents are hashed again"
    case .skew, .epochs: "Replays of recorded events without content, \(count) entries a log"
    case .cost: "Replays of recorded events without content; of all threads, the start of the program included"
    case .memory: "Replays of recorded events without content; the program itself included"
    }
  }
}
