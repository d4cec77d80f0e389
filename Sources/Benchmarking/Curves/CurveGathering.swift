/// The replays of one log as they come, each compared with the first one.
struct CurveGathering {
  private let replays: CurvePlan.Replays
  private var first: BenchedReplay?
  private var samples: [CurveReplay: [CurveDocument.Sample]] = [:]

  init(_ replays: CurvePlan.Replays) { self.replays = replays }

  /// Takes the figures of a replay.
  ///
  /// - Throws: `.wrongResult` where it is not what the first replay of this log was, which is that of the fewest workers, or
  ///   where the log does not explain itself.
  mutating func add(_ replay: BenchedReplay, by options: CurveReplay) throws(BenchFault) {
    guard replay.rejectedCount == 0, replay.divergedCount == 0 else {
      throw wrong("\(replay.rejectedCount) entries were rejected and \(replay.divergedCount) diverged")
    }
    let reference = first ?? replay
    first = reference
    guard replay.stateRoot == reference.stateRoot, replay.entryCount == reference.entryCount else {
      let words = options.words.joined(separator: " ")
      throw wrong(
        "with \(words) its state root is \(replay.stateRoot) after \(replay.entryCount) entries, "
          + "with the fewest workers \(reference.stateRoot) after \(reference.entryCount)")
    }
    samples[options, default: []].append(CurveDocument.Sample(replay))
  }

  private func wrong(_ reason: String) -> BenchFault { .wrongResult(log: replays.log.fileName, reason) }

  /// What was gathered, after at least one replay.
  var log: CurveDocument.Log {
    CurveDocument.Log(
      name: replays.log.fileName, entryCount: first?.entryCount ?? 0, contentBytes: contentBytes,
      stateRoot: first?.stateRoot ?? "", sequential: samples[.sequential]?.first,
      replays: replays.workerCounts.map { count in
        CurveDocument.Replays(workerCount: count, samples: samples[.workers(count)] ?? [])
      })
  }

  private var contentBytes: UInt64 {
    guard case .content(let bytes) = replays.log.kind else { return 0 }
    return (first?.reexecutedStoreCount ?? 0) * UInt64(bytes)
  }
}

extension CurveDocument.Sample {
  init(_ replay: BenchedReplay) {
    self.init(
      microseconds: Self.microseconds(replay.seconds), processMicroseconds: Self.microseconds(replay.processSeconds),
      processorMicroseconds: Self.microseconds(replay.processorSeconds), peakMemoryBytes: replay.peakMemoryBytes)
  }

  /// At least 1: what took no time that a clock shows has no speed either.
  private static func microseconds(_ seconds: Double) -> UInt64 { UInt64(max(1, (seconds * 1_000_000).rounded())) }
}

extension CurveDocument.Points {
  init(_ curve: Curve, _ points: [CurvePoint]) {
    self.init(
      curve: curve,
      points: points.map { point in
        CurveDocument.Point(place: point.place, logName: point.log.fileName, workerCount: point.workerCount)
      })
  }
}
