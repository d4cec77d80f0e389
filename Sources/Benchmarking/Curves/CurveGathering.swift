/// The replays of one log as they come, each compared with the first one.
struct CurveGathering {
  private let replays: CurvePlan.Replays
  private var first: BenchedReplay?
  private var samples: [Contender: [BenchSample]] = [:]

  init(_ replays: CurvePlan.Replays) { self.replays = replays }

  /// Takes the figures of a replay.
  ///
  /// - Throws: `.wrongResult` where it is not what the first replay of this log was, which is that of the fewest workers, or
  ///   where the log does not explain itself.
  mutating func add(_ replay: BenchedReplay, by contender: Contender, round: Int) throws(BenchFault) {
    guard replay.rejectedCount == 0, replay.divergedCount == 0 else {
      throw wrong("\(replay.rejectedCount) entries were rejected and \(replay.divergedCount) diverged")
    }
    let reference = first ?? replay
    first = reference
    guard replay.stateRoot == reference.stateRoot, replay.entryCount == reference.entryCount else {
      throw wrong(
        "\(contender.name): state root \(replay.stateRoot) after \(replay.entryCount) entries, "
          + "but with the fewest workers \(reference.stateRoot) after \(reference.entryCount)")
    }
    samples[contender, default: []].append(BenchSample(round: round, replay))
  }

  private func wrong(_ reason: String) -> BenchFault { .wrongResult(log: replays.log.fileName, reason) }

  /// What was gathered, after at least one replay.
  var log: CurveDocument.Log {
    let contenders = replays.workerCounts.map { Contender(workers: $0) } + [.golden]
    return CurveDocument.Log(
      name: replays.log.fileName, entryCount: first?.entryCount ?? 0, contentBytes: contentBytes,
      stateRoot: first?.stateRoot ?? "",
      series: contenders.compactMap { contender in samples[contender].map { BenchSeries(contender, $0) } })
  }

  private var contentBytes: UInt64 {
    guard case .content(let bytes) = replays.log.kind else { return 0 }
    return (first?.reexecutedStoreCount ?? 0) * UInt64(bytes)
  }
}

extension CurveDocument.Points {
  init(_ curve: Curve, _ points: [CurvePoint]) {
    self.init(
      curve: curve,
      points: points.map { point in
        CurveDocument.Point(place: point.place, logName: point.log.fileName, workers: point.workerCount)
      })
  }
}
