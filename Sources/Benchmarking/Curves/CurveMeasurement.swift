/// Measures the points of curves: round by round, so that whatever else the machine does falls on all points alike.
package struct CurveMeasurement: Sendable {
  /// The longest log that the sequential engine replays too: a minute or so.
  private static let sequentialEntryCountMax = 1_000_000

  private let plan: CurvePlan
  private let program: MeasuredProgram
  /// Where logs are between rounds, and in the last one.
  private let (cache, lastCache): (WorkloadCache, WorkloadCache)
  private let runCount: Int
  private let wakeDescriptor: Int32

  /// - Parameters:
  ///   - cache: keeps its logs.
  ///   - lastCache: the same, which may take each away after the last round.
  ///   - runCount: replays of each point, at least 1.
  ///   - wakeDescriptor: ends the measurement when it becomes readable; -1 for none.
  package init(
    _ plan: CurvePlan, program: MeasuredProgram, cache: WorkloadCache, lastCache: WorkloadCache, runCount: Int,
    wakeDescriptor: Int32 = -1
  ) {
    precondition(runCount > 0, "a median is one of something")
    self.plan = plan
    self.program = program
    (self.cache, self.lastCache) = (cache, lastCache)
    self.runCount = runCount
    self.wakeDescriptor = wakeDescriptor
  }

  /// - Parameter onReplay: told before each replay which one it is, from 0, and of how many.
  /// - Throws: ``BenchFault``; `.wrongResult` where two replays of a log do not agree.
  package func run(
    origin: CurveOrigin, onReplay: (Int, Int) -> Void = { _, _ in }
  ) throws(BenchFault) -> CurveDocument {
    let replays = plan.replays
    var gatherings = replays.map(CurveGathering.init)
    let replayCount = replays.map { $0.workerCounts.count * runCount + (isSequentialToo($0.log) ? 1 : 0) }.reduce(0, +)
    var done = 0
    for round in 0..<runCount {
      let cache = round == runCount - 1 ? lastCache : cache
      for place in replays.indices {
        let workload = NamedWorkload(name: replays[place].log.fileName, source: .generated(replays[place].log))
        try cache.withLog(workload, wakeDescriptor: wakeDescriptor) { (path) throws(BenchFault) in
          for options in options(replays[place], round) {
            onReplay(done, replayCount)
            let replay = try program.replay(path, options.words, wakeDescriptor: wakeDescriptor)
            try gatherings[place].add(replay, by: options)
            done += 1
          }
        }
      }
    }
    return CurveDocument(
      origin: origin, logs: gatherings.map(\.log),
      curves: plan.curves.map { CurveDocument.Points($0, plan.points($0)) })
  }

  private func isSequentialToo(_ log: GeneratedLog) -> Bool {
    log.entryCount <= CurveMeasurement.sequentialEntryCountMax
  }

  /// The replays of a log in one round: workers ascending in one round, descending in the next. The sequential engine comes last
  /// in the first one, when there is a root to compare its own with.
  private func options(_ replays: CurvePlan.Replays, _ round: Int) -> [CurveReplay] {
    let workers = round % 2 == 0 ? replays.workerCounts : replays.workerCounts.reversed()
    return workers.map(CurveReplay.workers) + (round == 0 && isSequentialToo(replays.log) ? [.sequential] : [])
  }
}

/// How a log is replayed.
enum CurveReplay: Hashable, Sendable {
  case workers(Int)
  case sequential

  /// Options of `replay`.
  var words: [String] {
    switch self {
    case .workers(let count): ["--workers", "\(count)"]
    case .sequential: ["--sequential"]
    }
  }
}
