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

  /// - Parameters:
  ///   - subject: what the measured program says of itself.
  ///   - onReplay: told behind each replay how many entries all of them had together.
  /// - Throws: ``BenchFault``; `.wrongResult` where two replays of a log do not agree.
  package func run(
    _ subject: BenchDocument.Subject, _ machine: BenchDocument.Machine, _ circumstances: CurveDocument.Circumstances,
    onReplay: (UInt64) -> Void = { _ in }
  ) throws(BenchFault) -> CurveDocument {
    let replays = plan.replays
    var gatherings = replays.map(CurveGathering.init)
    var entryCount: UInt64 = 0
    for round in 0..<runCount {
      let cache = round == runCount - 1 ? lastCache : cache
      for place in replays.indices {
        let workload = NamedWorkload(name: replays[place].log.fileName, source: .generated(replays[place].log))
        try cache.withLog(workload, wakeDescriptor: wakeDescriptor) { (path) throws(BenchFault) in
          for contender in contenders(replays[place], round) {
            let replay = try program.replay(path, contender.options, wakeDescriptor: wakeDescriptor)
            try gatherings[place].add(replay, by: contender, round: round)
            entryCount += replay.entryCount
            onReplay(entryCount)
          }
        }
      }
    }
    return CurveDocument(
      program: subject, machine: machine, circumstances: circumstances, logs: gatherings.map(\.log),
      curves: plan.curves.map { CurveDocument.Points($0, plan.points($0)) })
  }

  /// Who replays a log in one round: workers ascending in one round, descending in the next. The sequential engine comes last in
  /// the first one, when there is a root to compare its own with.
  private func contenders(_ replays: CurvePlan.Replays, _ round: Int) -> [Contender] {
    let workers = round % 2 == 0 ? replays.workerCounts : replays.workerCounts.reversed()
    let isSequentialToo = round == 0 && replays.log.entryCount <= CurveMeasurement.sequentialEntryCountMax
    return workers.map { Contender(workers: $0) } + (isSequentialToo ? [.golden] : [])
  }
}
