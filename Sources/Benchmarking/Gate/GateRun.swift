internal import StorageProtocol

/// Measures a log for the gate.
package struct GateRun: Sendable {
  /// Rounds of the ratio of processor times: the first that is within the limit ends it, for others use the machine too.
  private static let roundsMax = 5

  private let program: MeasuredProgram
  private let counted: CountedProgram
  private let cache: WorkloadCache
  private let planted: [String]
  private let wakeDescriptor: Int32

  /// - Parameters:
  ///   - program: as it is; `counted` is the same under valgrind.
  ///   - planted: of each stage `STAGE=INSTRUCTIONS` an entry.
  ///   - wakeDescriptor: ends every wait when it becomes readable; -1 for none.
  package init(
    _ program: MeasuredProgram, _ counted: CountedProgram, _ cache: WorkloadCache, planted: [String],
    wakeDescriptor: Int32
  ) {
    self.program = program
    self.counted = counted
    self.cache = cache
    self.planted = planted
    self.wakeDescriptor = wakeDescriptor
  }

  /// What a log takes by entries.
  ///
  /// - Throws: ``BenchFault``, `.wrongResult` where a replay does not come to the state root of the sequential engine.
  package func figures(of workload: NamedWorkload) throws(BenchFault) -> GatedLog {
    try cache.withLog(workload, wakeDescriptor: wakeDescriptor) { (log) throws(BenchFault) in
      let golden = try program.replay(log, ["--sequential"], wakeDescriptor: wakeDescriptor)
      return try CountedReplay(counted, of: log, planted: planted)
        .figures(workload: workload.name, root: golden.stateRoot)
    }
  }

  /// How many times the processor time of one worker two workers take, start and end of the program included.
  ///
  /// - Throws: ``BenchFault``.
  package func processorRatio(of workload: NamedWorkload, _ limits: GateLimits) throws(BenchFault) -> GateNumber {
    try cache.withLog(workload, wakeDescriptor: wakeDescriptor) { (log) throws(BenchFault) in
      var least: [UInt64] = [.max, .max]
      for _ in 0..<GateRun.roundsMax {
        for workers in 1...2 {
          let replay = try program.replay(log, ["--workers=\(workers)"], wakeDescriptor: wakeDescriptor)
          least[workers - 1] = min(least[workers - 1], UInt64(replay.processorSeconds * 1e6))
        }
        if GateNumber(least[1], per: least[0]) <= limits.processorRatioMax { break }
      }
      return GateNumber(least[1], per: least[0])
    }
  }
}
