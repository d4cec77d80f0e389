internal import StorageProtocol

/// All figures of one program on one log.
package struct BenchedWorkload: Equatable, Sendable {
  package let name: String
  /// The log's file or folder.
  package let log: String
  package let entryCount: UInt64
  /// Of the log as it is read: its text, and of an archive the contents in its packs.
  package let bytes: UInt64
  /// The one that every replay gave.
  package let stateRoot: String
  /// Of the messages that the limit of hashing was measured with.
  package let messageBytes: Int
  /// A sample a round.
  package let limits: [LimitSample]
  package let series: [BenchSeries]

  package init(
    name: String, log: String, entryCount: UInt64, bytes: UInt64, stateRoot: String, messageBytes: Int,
    limits: [LimitSample], series: [BenchSeries]
  ) {
    self.name = name
    self.log = log
    self.entryCount = entryCount
    self.bytes = bytes
    self.stateRoot = stateRoot
    self.messageBytes = messageBytes
    self.limits = limits
    self.series = series
  }

  // MARK: Figures

  package func series(_ contender: String) -> BenchSeries? { series.first { $0.contender == contender } }

  package var golden: BenchSeries? { series(Contender.golden.name) }

  package var oneWorker: BenchSeries? { series(Contender(workers: 1).name) }

  package func entriesPerSecond(_ series: BenchSeries) -> Double { Double(entryCount) / series.medianSeconds }

  package func bytesPerSecond(_ series: BenchSeries) -> Double { Double(bytes) / series.medianSeconds }

  /// How many times as fast a series is as another one.
  package func speed(_ series: BenchSeries, to other: BenchSeries?) -> Double? {
    other.map { $0.medianSeconds / series.medianSeconds }
  }

  /// Permutations of one replay by one worker; nil where the program does not count them.
  package var permutationCount: UInt64? { oneWorker?.samples.first?.permutationCount }

  /// Seconds of one core for the permutations alone.
  package var hashingSeconds: Double? {
    let rate = limits.map(\.permutationsPerSecond).median
    guard let permutationCount, rate > 0 else { return nil }
    return Double(permutationCount) / rate
  }

  package var decompressionSeconds: Double { limits.map(\.decompressionSeconds).median }

  package var scanSeconds: Double { limits.map(\.scanSeconds).median }

  /// Seconds of one core for permutations, LZ4 and JSON of the same bytes, and nothing else.
  package var limitSeconds: Double? {
    hashingSeconds.map { $0 + decompressionSeconds + scanSeconds }
  }

  /// What of the limit a series reaches: 1 where a replay takes no longer than its work alone, shared by its workers evenly.
  package func partOfLimit(_ series: BenchSeries) -> Double? {
    guard let workers = series.workers, let limitSeconds else { return nil }
    return limitSeconds / Double(workers) / series.medianSeconds
  }
}

/// The replays of one log by one contender.
package struct BenchSeries: Equatable, Sendable {
  /// ``Contender/name``.
  package let contender: String
  /// Nil for the sequential engine.
  package let workers: Int?
  package let samples: [BenchSample]

  package init(_ contender: Contender, _ samples: [BenchSample]) {
    self.init(contender: contender.name, workers: contender.workers, samples: samples)
  }

  init(contender: String, workers: Int?, samples: [BenchSample]) {
    self.contender = contender
    self.workers = workers
    self.samples = samples
  }

  package var seconds: [Double] { samples.map(\.seconds) }

  package var medianSeconds: Double { seconds.median }

  package var processorSeconds: Double { samples.map(\.processorSeconds).median }

  package var peakMemoryBytes: UInt64 { samples.map(\.peakMemoryBytes).max() ?? 0 }

  /// Median busy seconds of each stage, in the order of the flow.
  package var stages: [BenchedReplay.Stage] {
    (samples.first?.stages ?? []).map { stage in
      let seconds = samples.flatMap { $0.stages.filter { $0.name == stage.name }.map(\.seconds) }
      return BenchedReplay.Stage(name: stage.name, seconds: seconds.median)
    }
  }
}
