internal import ReplayEvidence

/// One reading of the log from its start, or from a resume point, as far as it has come.
struct LogPass: Sendable {
  private static let millionths: UInt64 = 1_000_000
  /// Rates of less time say nothing: the first blocks of a file come from memory.
  private static let measuredMin = Duration.seconds(1)

  /// When the pass began, since the run did.
  let start: Duration
  private(set) var entries: UInt64 = 0
  private(set) var bytesRead: UInt64 = 0
  private(set) var storedBytes: UInt64?
  /// Entries of the log, where an earlier pass has counted them: a better measure than bytes, of which a block may be hours of
  /// work.
  private let entryCount: UInt64?
  /// How far the pass was when it was first heard of, and when that was: behind 0 where it goes on from a resume point.
  private var firstPart: (millionths: UInt64, at: Duration)?

  init(start: Duration, entryCount: UInt64?) {
    self.start = start
    self.entryCount = entryCount
  }

  /// Takes in what was done; less than before is no news.
  mutating func note(_ progress: Progress, at elapsed: Duration) {
    entries = max(entries, progress.entries)
    bytesRead = max(bytesRead, progress.bytesRead)
    storedBytes = progress.storedBytes ?? storedBytes
    if firstPart == nil, let part = partMillionths { firstPart = (part, elapsed) }
  }

  /// What of the pass is done; nil while nothing tells how long it is.
  var partMillionths: UInt64? {
    guard let storedBytes else { return nil }
    let (done, all) = entryCount.map { (entries, $0) } ?? (bytesRead, storedBytes)
    guard all > 0 else { return 0 }
    return UInt64(UInt128(min(done, all)) * UInt128(LogPass.millionths) / UInt128(all))
  }

  /// The time that the rest of the pass takes at the rate so far; nil where that was not measured for long enough.
  func remaining(at elapsed: Duration) -> Duration? {
    partMillionths.flatMap { time(of: LogPass.millionths - $0, at: elapsed) }
  }

  /// The time that a whole pass takes at the rate so far; nil where that was not measured for long enough.
  func whole(at elapsed: Duration) -> Duration? { time(of: LogPass.millionths, at: elapsed) }

  private func time(of millionths: UInt64, at elapsed: Duration) -> Duration? {
    guard let part = partMillionths, let firstPart, part > firstPart.millionths else { return nil }
    let measured = elapsed - firstPart.at
    guard measured >= LogPass.measuredMin else { return nil }
    return measured.scaled(by: millionths, over: part - firstPart.millionths)
  }
}

extension Duration {
  /// This time `numerator` / `denominator` times, to the microsecond.
  fileprivate func scaled(by numerator: UInt64, over denominator: UInt64) -> Duration {
    .microseconds(Int64(clamping: microseconds * Int128(numerator) / Int128(denominator)))
  }
}
