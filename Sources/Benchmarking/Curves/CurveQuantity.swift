/// What the replays of a point say: a value of the vertical axis for each.
enum CurveQuantity: Sendable {
  case entriesPerSecond
  /// Of content, in units of 1,000,000.
  case megabytesPerSecond
  /// Of all threads, for one entry.
  case processorMicrosecondsPerEntry
  case peakMemoryBytes
  case peakMemoryBytesPerEntry

  func value(_ sample: CurveDocument.Sample, of log: CurveDocument.Log) -> Double {
    let entryCount = Double(log.entryCount)
    return switch self {
    case .entriesPerSecond: entryCount * 1_000_000 / Double(sample.microseconds)
    // Bytes of a microsecond are millions of bytes of a second.
    case .megabytesPerSecond: Double(log.contentBytes) / Double(sample.microseconds)
    case .processorMicrosecondsPerEntry: Double(sample.processorMicroseconds) / entryCount
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
