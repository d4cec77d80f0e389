/// Which logs are replayed for some curves, and with how many workers.
package struct CurvePlan: Sendable {
  /// Of the logs of curves that do not ask what their length does; with one worker, some seconds each.
  private static let usualEntryCount = 1_000_000
  private static let entryCounts = [10_000, 100_000, 1_000_000, 10_000_000]
  private static let contentSizes = (2...10).map { 1 << (2 * $0) }
  /// Of contents: all of a log together at most this, and at most so many.
  private static let (contentBytesMax, contentCountMax) = (256 << 20, 200_000)
  /// A tenth of the entries are proofs, so 90 are all STOREs.
  private static let hotPercents = [0, 10, 20, 40, 60, 80, 90]
  private static let epochLengths = [4, 10, 30, 100, 1000, 10_000]
  /// A log has 12 registrations before anything else; large contents are not multiplied for nothing.
  private static let (entryCountMin, contentCountMin) = (100, 24)

  package let curves: [Curve]
  private let scale: Double
  private let processorCount: Int

  /// - Parameters:
  ///   - curves: each once.
  ///   - scale: of the usual numbers of entries; above 0, at most 10.
  ///   - processorCount: of the machine.
  package init(_ curves: [Curve], scale: Double, processorCount: Int) {
    precondition(scale > 0 && scale <= 10, "a log of a curve has entries, and fits a disk")
    self.curves = curves
    self.scale = scale
    self.processorCount = processorCount
  }

  /// A log with the numbers of workers it is replayed with, ascending.
  package struct Replays: Equatable, Sendable {
    package let log: GeneratedLog
    package fileprivate(set) var workerCounts: [Int]
  }

  /// What is replayed, each log once: curves share runs.
  package var replays: [Replays] {
    var replays: [Replays] = []
    for point in curves.flatMap(points) {
      if let place = replays.firstIndex(where: { $0.log == point.log }) {
        replays[place].workerCounts = Set(replays[place].workerCounts + [point.workerCount]).sorted()
      } else {
        replays.append(Replays(log: point.log, workerCounts: [point.workerCount]))
      }
    }
    return replays
  }

  /// The points of a curve by number of workers, then by place; each once, where a small scale makes several the same.
  package func points(_ curve: Curve) -> [CurvePoint] {
    if curve == .workers {
      let log = GeneratedLog(.recorded, entryCount: scaled(CurvePlan.usualEntryCount))
      return workerCounts.map { CurvePoint(place: $0, log: log, workerCount: $0) }
    }
    var points: [CurvePoint] = []
    for workerCount in Set([1, processorCount]).sorted() {
      for (place, log) in logs(curve) {
        let point = CurvePoint(place: place, log: log, workerCount: workerCount)
        if !points.contains(point) { points.append(point) }
      }
    }
    return points
  }

  /// Up to twice as many as there are processors: above eight only some.
  private var workerCounts: [Int] {
    (1...max(2, 2 * processorCount)).filter { count in
      let odd = count >> count.trailingZeroBitCount
      return count <= 8 || odd == 1 || odd == 3 || count == processorCount || count == 2 * processorCount
    }
  }

  private func logs(_ curve: Curve) -> [(place: Int, log: GeneratedLog)] {
    let usual = scaled(CurvePlan.usualEntryCount)
    switch curve {
    case .workers, .entries, .cost, .memory:
      return CurvePlan.entryCounts.map(scaled).map { ($0, GeneratedLog(.recorded, entryCount: $0)) }
    case .contentSize:
      return CurvePlan.contentSizes.map { size in
        let count = min(CurvePlan.contentCountMax, CurvePlan.contentBytesMax / size)
        return (
          size, GeneratedLog(.content(bytes: size), entryCount: scaled(count, least: CurvePlan.contentCountMin))
        )
      }
    case .skew:
      return CurvePlan.hotPercents.map { ($0, GeneratedLog(.hotObject(percent: $0), entryCount: usual)) }
    case .epochs:
      return CurvePlan.epochLengths.map { ($0, GeneratedLog(.epochStorm(dataEntryCount: $0), entryCount: usual)) }
    }
  }

  private func scaled(_ count: Int) -> Int { scaled(count, least: CurvePlan.entryCountMin) }

  private func scaled(_ count: Int, least: Int) -> Int { max(least, Int((Double(count) * scale).rounded())) }
}
