/// What the replays of a point say: a value of the vertical axis for each.
enum CurveQuantity: Sendable {
  case entriesPerSecond
  /// Of content, in units of 1,000,000.
  case megabytesPerSecond
  /// Of all threads, for one entry.
  case processorMicrosecondsPerEntry
  case peakMemoryBytes
  case peakMemoryBytesPerEntry

  func value(_ sample: BenchSample, of log: CurveDocument.Log) -> Double {
    let entryCount = Double(log.entryCount)
    return switch self {
    case .entriesPerSecond: entryCount / sample.seconds
    case .megabytesPerSecond: Double(log.contentBytes) / 1_000_000 / sample.seconds
    case .processorMicrosecondsPerEntry: sample.processorSeconds * 1_000_000 / entryCount
    case .peakMemoryBytes: Double(sample.peakMemoryBytes)
    case .peakMemoryBytesPerEntry: Double(sample.peakMemoryBytes) / entryCount
    }
  }

  var title: String {
    switch self {
    case .entriesPerSecond: "entries per second"
    case .megabytesPerSecond: "megabytes of content per second"
    case .processorMicrosecondsPerEntry: "microseconds of processor time per entry"
    case .peakMemoryBytes: "peak memory of the process"
    case .peakMemoryBytesPerEntry: "peak memory per entry"
    }
  }

  var unit: ChartUnit {
    switch self {
    case .peakMemoryBytes, .peakMemoryBytesPerEntry: .bytes
    default: .count
    }
  }
}
