/// A question about speed or memory whose answer is a line: what is measured, over what.
package enum Curve: String, CaseIterable, Sendable {
  /// Throughput against workers.
  case workers
  /// Throughput against entries.
  case entries
  /// Throughput against the size of contents.
  case contentSize = "content-size"
  /// Throughput against the part of entries that store one object.
  case skew
  /// Throughput against data entries of an epoch.
  case epochs
  /// Processor time of an entry against entries; of the runs of ``entries``.
  case cost
  /// The most memory against entries; of the runs of ``entries``.
  case memory

  /// The name of its picture in the folder of results.
  package var fileName: String { "\(rawValue).svg" }
}

/// A point of a curve: replays of one log with one number of workers.
package struct CurvePoint: Hashable, Sendable {
  /// On the horizontal axis: workers, entries, bytes, entries of a hundred, or data entries.
  package let place: Int
  package let log: GeneratedLog
  package let workerCount: Int
}
